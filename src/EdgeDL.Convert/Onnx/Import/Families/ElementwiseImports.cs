using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Functions of one, two or more elements, broadcast by NumPy's rules.</summary>
static class ElementwiseImports
{
    public static void Register(OnnxTable t)
    {
        Unary(t);
        Parametric(t);
        Binary(t);
        CastImports.Register(t);
    }

    static void Unary(OnnxTable t)
    {
        t.Add("Abs", Map<Abs>);
        t.Add("Acos", Map<Acos>);
        t.Add("Acosh", Map<Acosh>);
        t.Add("Asin", Map<Asin>);
        t.Add("Asinh", Map<Asinh>);
        t.Add("Atan", Map<Atan>);
        t.Add("Atanh", Map<Atanh>);
        t.Add("BitwiseNot", Map<BitwiseNot>);
        t.Add("Ceil", Map<Ceil>);
        t.Add("Cos", Map<Cos>);
        t.Add("Cosh", Map<Cosh>);
        t.Add("Erf", Map<Erf>);
        t.Add("Exp", Map<Exp>);
        t.Add("Floor", Map<Floor>);
        t.Add("HardSwish", Map<HardSwish>);
        t.Add("IsNaN", Map<IsNan>);
        t.Add("Log", Map<Log>);
        t.Add("Mish", Map<Mish>);
        t.Add("Neg", Map<Neg>);
        t.Add("Not", Map<LogicalNot>);
        t.Add("Reciprocal", Map<Reciprocal>);
        t.Add("Relu", Map<Relu>);
        t.Add("Round", Map<Round>);
        t.Add("Sigmoid", Map<Logistic>);
        t.Add("Sign", Map<Sign>);
        t.Add("Sin", Map<Sin>);
        t.Add("Sinh", Map<Sinh>);
        t.Add("Softplus", Map<Softplus>);
        t.Add("Softsign", Map<Softsign>);
        t.Add("Sqrt", Map<Sqrt>);
        t.Add("Tan", Map<Tan>);
        t.Add("Tanh", Map<Tanh>);
    }

    static void Parametric(OnnxTable t)
    {
        t.Add("Celu", n => n.Emit(new Celu(n.Float("alpha", 1)), n.Input(0)));
        t.Add("Clip", Clip);
        t.Add("Elu", n => n.Emit(new Elu(n.Float("alpha", 1)), n.Input(0)));
        t.Add("Gelu", n => n.Emit(
            n.Text("approximate", "none") == "tanh" ? new GeluTanh() : new Gelu(), n.Input(0)));
        t.Add("HardSigmoid", n => n.Emit(
            new HardSigmoid(n.Float("alpha", 0.2f), n.Float("beta", 0.5f)), n.Input(0)));
        t.Add("IsInf", IsInfinite);
        t.Add("LeakyRelu", n => n.Emit(new LeakyRelu(n.Float("alpha", 0.01f)), n.Input(0)));
        t.Add("PRelu", PRelu);
        t.Add("Selu", n => n.Emit(new Selu(
            n.Float("alpha", 1.67326319217681884765625f),
            n.Float("gamma", 1.05070102214813232421875f)), n.Input(0)));
        t.Add("Shrink", n => n.Emit(
            new Shrink(n.Float("lambd", 0.5f), n.Float("bias", 0)), n.Input(0)));
        t.Add("Swish", Swish);
        t.Add("ThresholdedRelu", n => n.Emit(
            new ThresholdedRelu(n.Float("alpha", 1)), n.Input(0)));
    }

    static void Binary(OnnxTable t)
    {
        t.Add("Add", n => Arithmetic(n, new Add(Activation.None)));
        t.Add("Sub", n => Arithmetic(n, new Sub(Activation.None)));
        t.Add("Mul", n => Arithmetic(n, new Mul(Activation.None)));
        t.Add("Div", n => Arithmetic(n, new Div(Activation.None)));
        t.Add("Pow", Pow);
        t.Add("Mod", n => n.Emit(n.Flag("fmod") ? new Mod() : new FloorMod(), Aligned(n)));
        t.Add("And", n => n.Emit(new LogicalAnd(), Aligned(n)));
        t.Add("Or", n => n.Emit(new LogicalOr(), Aligned(n)));
        t.Add("Xor", n => n.Emit(new LogicalXor(), Aligned(n)));
        t.Add("BitwiseAnd", n => n.Emit(new BitwiseAnd(), Aligned(n)));
        t.Add("BitwiseOr", n => n.Emit(new BitwiseOr(), Aligned(n)));
        t.Add("BitwiseXor", n => n.Emit(new BitwiseXor(), Aligned(n)));
        t.Add("BitShift", n => n.Emit(
            n.Text("direction", "") == "LEFT" ? new ShiftLeft() : new ShiftRight(), Aligned(n)));
        t.Add("Equal", n => n.Emit(new Equal(), Aligned(n)));
        t.Add("Less", n => n.Emit(new Less(), Aligned(n)));
        t.Add("LessOrEqual", n => n.Emit(new LessEqual(), Aligned(n)));
        t.Add("Greater", n => n.Emit(new Greater(), Aligned(n)));
        t.Add("GreaterOrEqual", n => n.Emit(new GreaterEqual(), Aligned(n)));
        t.Add("Where", n => n.Emit(new Select(), n.Input(0), n.Input(1), n.Input(2)));
        t.Add("Max", n => Chain(n, new Maximum()));
        t.Add("Min", n => Chain(n, new Minimum()));
        t.Add("Sum", n => Chain(n, new Add(Activation.None)));
        t.Add("Mean", Mean);
    }

    static void Map<TOp>(NodeImport n)
        where TOp : Op, new() => n.Emit(new TOp(), n.Input(0));

    // A slope [C] belongs to the channels, wherever NumPy's rule would put it.
    static void PRelu(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        Shape slope = n.ShapeOf(1);
        bool isChannel = slope.Rank == 1 && x.Rank > 2 && slope[0] == x[1] && slope[0] != 1
            && (n.Opset < 7 || slope[0] != x[-1]);
        int aligned = isChannel
            ? n.Reshape(n.Input(1), [slope[0], .. Enumerable.Repeat(1, x.Rank - 2)])
            : n.Input(1);
        n.Emit(new PRelu(), n.Input(0), aligned);
    }

    static void Swish(NodeImport n)
    {
        float alpha = n.Float("alpha", 1);
        if (alpha == 1)
        {
            n.Emit(new Silu(), n.Input(0));
            return;
        }

        int factor = n.Scalar("alpha", alpha, DType.Float32);
        int scaled = n.Add(new Mul(Activation.None), "scaled", n.Input(0), factor);
        int gate = n.Add(new Logistic(), "gate", scaled);
        n.Emit(new Mul(Activation.None), n.Input(0), gate);
    }

    // Before opset 11 the bounds are attributes, since then inputs of which each may be left out.
    static void Clip(NodeImport n)
    {
        DType type = n.In(0).DType;
        if (type == DType.Float32 && IsKnown(n, 1) && IsKnown(n, 2))
        {
            float low = n.Has(1) ? n.Floats(1, "min")[0] : n.Float("min", float.NegativeInfinity);
            float high = n.Has(2) ? n.Floats(2, "max")[0] : n.Float("max", float.PositiveInfinity);
            // Clamps that other ops can take in.
            n.Emit((low, high) switch
            {
                (0, 6) => new Relu6(),
                (0, float.PositiveInfinity) => new Relu(),
                (-1, 1) => new ReluN1To1(),
                _ => new Clip(low, high),
            }, n.Input(0));
            return;
        }

        int y = n.Input(0);
        y = n.Has(1) ? n.Add(new Maximum(), "low", y, n.Input(1)) : y;
        y = n.Has(2) ? n.Add(new Minimum(), "high", y, n.Input(2)) : y;
        n.SetOutput(0, y);
    }

    static bool IsKnown(NodeImport n, int i) =>
        !n.Has(i) || (n[n.Input(i)].Constant is not null && n.ShapeOf(i).Elements == 1);

    static void IsInfinite(NodeImport n)
    {
        bool negative = n.Flag("detect_negative", true);
        bool positive = n.Flag("detect_positive", true);
        if (negative && positive)
        {
            n.Emit(new IsInf(), n.Input(0));
            return;
        }

        float which = negative ? float.NegativeInfinity
            : positive ? float.PositiveInfinity : float.NaN;
        n.Emit(new Equal(), n.Input(0), n.Scalar("infinity", which, DType.Float32));
    }

    static int[] Aligned(NodeImport n) => LegacyBroadcast.Operands(n);

    // Passes look for constants in the second place; PyTorch writes a bias in the first.
    static void Arithmetic(NodeImport n, Op op)
    {
        int[] operands = Aligned(n);
        bool turns = op is Add or Mul && n.Graph.IsConstant(operands[0])
            && !n.Graph.IsConstant(operands[1]);
        n.Emit(op, turns ? [operands[1], operands[0]] : operands);
    }

    // The result has the base's type, the exponent may be of any.
    static void Pow(NodeImport n)
    {
        int[] operands = Aligned(n);
        DType a = n[operands[0]].DType;
        DType b = n[operands[1]].DType;
        if (a == b)
        {
            n.Emit(new Pow(), operands);
        }
        else if (a == DType.Float32 || b != DType.Float32)
        {
            n.Emit(new Pow(), operands[0], n.Add(new Cast(a), "exponent", operands[1]));
        }
        else
        {
            int wide = n.Add(new Cast(DType.Float32), "base", operands[0]);
            n.Emit(new Cast(a), n.Add(new Pow(), "power", wide, operands[1]));
        }
    }

    static void Chain(NodeImport n, Op op) => n.SetOutput(0, Chained(n, op));

    static int Chained(NodeImport n, Op op)
    {
        if (n.InputCount == 0)
        {
            throw n.Fail("it takes at least one input");
        }

        int y = n.Input(0);
        for (int i = 1; i < n.InputCount; i++)
        {
            y = n.Add(op, $"{i}", y, n.Input(i));
        }

        return y;
    }

    static void Mean(NodeImport n)
    {
        int sum = Chained(n, new Add(Activation.None));
        n.Emit(new Mul(Activation.None), sum,
            n.Scalar("share", 1.0 / n.InputCount, n[sum].DType));
    }
}
