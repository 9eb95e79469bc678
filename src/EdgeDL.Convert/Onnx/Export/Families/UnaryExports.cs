using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Functions of one tensor, element by element; they keep the layout they find.</summary>
static class UnaryExports
{
    /// <summary>The ONNX ops that do the same; with the operator set that has them.</summary>
    static readonly (OpCode Op, string Type, int Since)[] Same =
    [
        (OpCode.Abs, "Abs", 13), (OpCode.Neg, "Neg", 13), (OpCode.Sign, "Sign", 13),
        (OpCode.Sqrt, "Sqrt", 13), (OpCode.Reciprocal, "Reciprocal", 13),
        (OpCode.Floor, "Floor", 13), (OpCode.Ceil, "Ceil", 13), (OpCode.Round, "Round", 11),
        (OpCode.Exp, "Exp", 13), (OpCode.Log, "Log", 13), (OpCode.Erf, "Erf", 13),
        (OpCode.Sin, "Sin", 7), (OpCode.Cos, "Cos", 7), (OpCode.Tan, "Tan", 7),
        (OpCode.Asin, "Asin", 7), (OpCode.Acos, "Acos", 7), (OpCode.Atan, "Atan", 7),
        (OpCode.Sinh, "Sinh", 9), (OpCode.Cosh, "Cosh", 9), (OpCode.Tanh, "Tanh", 13),
        (OpCode.Asinh, "Asinh", 9), (OpCode.Acosh, "Acosh", 9), (OpCode.Atanh, "Atanh", 9),
        (OpCode.Relu, "Relu", 14), (OpCode.Softplus, "Softplus", 1),
        (OpCode.Softsign, "Softsign", 1), (OpCode.Logistic, "Sigmoid", 13),
        (OpCode.HardSwish, "HardSwish", 14), (OpCode.BitwiseNot, "BitwiseNot", 18),
    ];

    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        foreach ((OpCode op, string type, int since) in Same)
        {
            table[op] = n => Function(n, x =>
            {
                n.Run.NeedOpset(since);
                return n.Unary(type, x);
            });
        }

        Compose(table, OpCode.Square, (n, x) => n.Binary("Mul", x, x));
        Compose(table, OpCode.Rsqrt, (n, x) => n.Unary("Reciprocal", n.Unary("Sqrt", x)));
        Compose(table, OpCode.Log1p, (n, x) => n.Unary("Log", Plus(n, x, 1)));
        Compose(table, OpCode.Expm1, (n, x) => Plus(n, n.Unary("Exp", x), -1));
        Compose(table, OpCode.LogOffset, (n, x) =>
            n.Unary("Log", Plus(n, x, n.Op<LogOffset>().Offset)));
        Compose(table, OpCode.Relu6, (n, x) => n.Clipped(x, 0, 6));
        Compose(table, OpCode.ReluN1To1, (n, x) => n.Clipped(x, -1, 1));
        Compose(table, OpCode.Relu0To1, (n, x) => n.Clipped(x, 0, 1));
        Compose(table, OpCode.Clip, (n, x) =>
            n.Clipped(x, n.Op<Clip>().Low, n.Op<Clip>().High));
        Compose(table, OpCode.Silu, (n, x) => n.Binary("Mul", x, n.Unary("Sigmoid", x)));
        Compose(table, OpCode.Mish, (n, x) =>
            n.Binary("Mul", x, n.Unary("Tanh", n.Unary("Softplus", x))));
        Compose(table, OpCode.Gelu, Gelu);
        Compose(table, OpCode.GeluTanh, GeluTanh);
        Compose(table, OpCode.SignBit, (n, x) => IsNegative(n, x));
        Compose(table, OpCode.FakeQuant, FakeQuant);
        WithAttributes(table);
        table[OpCode.LogicalNot] = n => Plain(n, "Not");
        table[OpCode.IsNan] = n => Plain(n, "IsNaN");
        table[OpCode.IsInf] = n => Plain(n, "IsInf");
    }

    static void WithAttributes(Dictionary<OpCode, ExportNode> table)
    {
        Compose(table, OpCode.LeakyRelu, (n, x) => n.Like(
            "LeakyRelu", x, [x], Attribute.Of("alpha", n.Op<LeakyRelu>().Alpha)));
        Compose(table, OpCode.Elu, (n, x) => n.Like(
            "Elu", x, [x], Attribute.Of("alpha", n.Op<Elu>().Alpha)));
        Compose(table, OpCode.Celu, (n, x) => n.Like(
            "Celu", x, [x], Attribute.Of("alpha", n.Op<Celu>().Alpha)));
        Compose(table, OpCode.Selu, (n, x) => n.Like(
            "Selu", x, [x], Attribute.Of("alpha", n.Op<Selu>().Alpha),
            Attribute.Of("gamma", n.Op<Selu>().Scale)));
        Compose(table, OpCode.HardSigmoid, (n, x) => n.Like(
            "HardSigmoid", x, [x], Attribute.Of("alpha", n.Op<HardSigmoid>().Alpha),
            Attribute.Of("beta", n.Op<HardSigmoid>().Beta)));
        Compose(table, OpCode.ThresholdedRelu, (n, x) => n.Like(
            "ThresholdedRelu", x, [x], Attribute.Of("alpha", n.Op<ThresholdedRelu>().Alpha)));
        Compose(table, OpCode.Shrink, (n, x) => n.Like(
            "Shrink", x, [x], Attribute.Of("lambd", n.Op<Shrink>().Lambda),
            Attribute.Of("bias", n.Op<Shrink>().Bias)));
    }

    static void Compose(
        Dictionary<OpCode, ExportNode> table, OpCode op,
        Func<NodeExport, OnnxTensor, OnnxTensor> body) =>
        table[op] = n => Function(n, x => body(n, x));

    static void Function(NodeExport n, Func<OnnxTensor, OnnxTensor> body)
    {
        bool first = n.IsFirst(0);
        n.Give(0, real: true, first, body(first ? n.RealFirst(0) : n.Real(0)));
    }

    static void Plain(NodeExport n, string type)
    {
        bool first = n.IsFirst(0);
        OnnxTensor x = first ? n.RealFirst(0) : n.Real(0);
        n.Give(0, real: false, first, n.Add(type, DType.Bool, x.Shape, [x]));
    }

    static OnnxTensor Plus(NodeExport n, OnnxTensor x, double number) =>
        n.Binary("Add", x, n.Number(x.DType, number));

    static OnnxTensor Times(NodeExport n, OnnxTensor x, double number) =>
        n.Binary("Mul", x, n.Number(x.DType, number));

    static OnnxTensor Gelu(NodeExport n, OnnxTensor x)
    {
        OnnxTensor erf = n.Unary("Erf", Times(n, x, 1 / Math.Sqrt(2)));
        return n.Binary("Mul", Times(n, x, 0.5), Plus(n, erf, 1));
    }

    static OnnxTensor GeluTanh(NodeExport n, OnnxTensor x)
    {
        OnnxTensor cube = n.Binary("Mul", x, n.Binary("Mul", x, x));
        OnnxTensor inner = n.Binary("Add", x, Times(n, cube, 0.044715));
        OnnxTensor tanh = n.Unary("Tanh", Times(n, inner, Math.Sqrt(2 / Math.PI)));
        return n.Binary("Mul", Times(n, x, 0.5), Plus(n, tanh, 1));
    }

    // A negative zero has a sign too: its reciprocal is −∞.
    static OnnxTensor IsNegative(NodeExport n, OnnxTensor x)
    {
        OnnxTensor zero = n.Number(x.DType, 0);
        OnnxTensor below = n.Compare("Less", x, zero);
        OnnxTensor inverse = n.Compare("Less", n.Unary("Reciprocal", x), zero);
        return n.Compare("Or", below, inverse);
    }

    static OnnxTensor FakeQuant(NodeExport n, OnnxTensor x)
    {
        (float lowest, float highest, float step) = n.Op<FakeQuant>().Rule;
        OnnxTensor clipped = n.Clipped(x, lowest, highest);
        OnnxTensor low = n.Number(DType.Float32, lowest);
        OnnxTensor scale = n.Number(DType.Float32, step);
        OnnxTensor steps = n.Binary("Div", n.Binary("Sub", clipped, low), scale);
        OnnxTensor whole = n.Unary("Floor", Plus(n, steps, 0.5));
        return n.Binary("Add", n.Binary("Mul", whole, scale), low);
    }
}
