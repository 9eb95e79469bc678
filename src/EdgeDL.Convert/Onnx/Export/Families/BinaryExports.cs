using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Functions of several tensors that broadcast, comparisons and selection.</summary>
static class BinaryExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.Add] = n => Arithmetic(n, "Add", n.Op<Add>().Activation);
        table[OpCode.Sub] = n => Arithmetic(n, "Sub", n.Op<Sub>().Activation);
        table[OpCode.Mul] = n => Arithmetic(n, "Mul", n.Op<Mul>().Activation);
        table[OpCode.Div] = n => Arithmetic(n, "Div", n.Op<Div>().Activation);
        table[OpCode.Maximum] = n => Arithmetic(n, "Max", Activation.None);
        table[OpCode.Minimum] = n => Arithmetic(n, "Min", Activation.None);
        table[OpCode.Pow] = n => Arithmetic(n, "Pow", Activation.None);
        table[OpCode.SquaredDifference] = n => Number(n, (a, b) =>
        {
            OnnxTensor difference = n.Binary("Sub", a, b);
            return n.Binary("Mul", difference, difference);
        });
        table[OpCode.FloorDiv] = n => Number(n, (a, b) => a.DType == DType.Float32
            ? n.Unary("Floor", n.Binary("Div", a, b))
            : n.Binary("Div", n.Binary("Sub", a, n.Binary("Mod", a, b)), b));
        table[OpCode.FloorMod] = n => Number(n, (a, b) => a.DType == DType.Float32
            ? n.Binary("Sub", a,
                n.Binary("Mul", b, n.Unary("Floor", n.Binary("Div", a, b))))
            : n.Binary("Mod", a, b));
        table[OpCode.Mod] = n => Number(n, (a, b) => n.Add(
            "Mod", a.DType, NodeExport.Broadcast(a.Shape, b.Shape), [a, b],
            Attribute.Of("fmod", 1)));
        table[OpCode.Atan2] = n => Number(n, (a, b) => Angle(n, a, b));
        table[OpCode.PRelu] = n => Number(n, (a, b) => Slope(n, a, b));
        table[OpCode.Equal] = n => Question(n, (a, b) => n.Compare("Equal", a, b));
        table[OpCode.NotEqual] = n => Question(
            n, (a, b) => n.Unary("Not", n.Compare("Equal", a, b)));
        table[OpCode.Less] = n => Question(n, (a, b) => n.Compare("Less", a, b));
        table[OpCode.LessEqual] = n => Question(n, (a, b) => n.Compare("LessOrEqual", a, b));
        table[OpCode.Greater] = n => Question(n, (a, b) => n.Compare("Greater", a, b));
        table[OpCode.GreaterEqual] = n => Question(
            n, (a, b) => n.Compare("GreaterOrEqual", a, b));
        table[OpCode.LogicalAnd] = n => Bits(n, "And", "And");
        table[OpCode.LogicalOr] = n => Bits(n, "Or", "Or");
        table[OpCode.LogicalXor] = n => Bits(n, "Xor", "Xor");
        table[OpCode.BitwiseAnd] = n => Bits(n, "BitwiseAnd", "And");
        table[OpCode.BitwiseOr] = n => Bits(n, "BitwiseOr", "Or");
        table[OpCode.BitwiseXor] = n => Bits(n, "BitwiseXor", "Xor");
        table[OpCode.ShiftLeft] = n => Shift(n, "LEFT");
        table[OpCode.ShiftRight] = n => Shift(n, "RIGHT");
        table[OpCode.Select] = Select;
        table[OpCode.AddN] = Sum;
    }

    static void Arithmetic(NodeExport n, string type, Activation activation) =>
        Number(n, (a, b) => n.Activated(n.Binary(type, a, b), activation));

    static void Number(NodeExport n, Func<OnnxTensor, OnnxTensor, OnnxTensor> body)
    {
        OnnxTensor[] x = Operands.Of(n, [0, 1], real: true, out bool first);
        DType type = x[0].DType;
        OnnxTensor y = body(Widened(n, x[0]), Widened(n, x[1]));
        n.Give(0, real: true, first, n.Cast(y, type));
    }

    static void Question(NodeExport n, Func<OnnxTensor, OnnxTensor, OnnxTensor> body)
    {
        OnnxTensor[] x = Operands.Of(n, [0, 1], real: true, out bool first);
        n.Give(0, real: false, first, body(Widened(n, x[0]), Widened(n, x[1])));
    }

    // ONNX Runtime has few functions of narrow integers; they wrap when they are cast back.
    static OnnxTensor Widened(NodeExport n, OnnxTensor x) =>
        x.DType is DType.Int8 or DType.UInt8 or DType.Int16 or DType.UInt16
            ? n.Cast(x, DType.Int32) : x;

    static OnnxTensor Slope(NodeExport n, OnnxTensor a, OnnxTensor b)
    {
        if (NodeExport.Broadcast(a.Shape, b.Shape) == a.Shape)
        {
            return n.Like("PRelu", a, [a, b]);
        }

        OnnxTensor zero = n.Number(DType.Float32, 0);
        return n.Where(n.Compare("Less", a, zero), n.Binary("Mul", a, b), a);
    }

    // atan(a / b), half a turn added or taken off left of the origin.
    static OnnxTensor Angle(NodeExport n, OnnxTensor a, OnnxTensor b)
    {
        OnnxTensor zero = n.Number(DType.Float32, 0);
        OnnxTensor turn = n.Where(
            n.Compare("Less", a, zero), n.Number(DType.Float32, -Math.PI),
            n.Number(DType.Float32, Math.PI));
        OnnxTensor right = n.Unary("Atan", n.Binary("Div", a, b));
        OnnxTensor either = n.Where(
            n.Compare("Less", b, zero), n.Binary("Add", right, turn), right);

        // The origin itself is 0, where the quotient is none.
        OnnxTensor origin = n.Compare(
            "And", n.Compare("Equal", a, zero), n.Compare("Equal", b, zero));
        return n.Where(origin, n.Number(DType.Float32, 0), either);
    }

    static void Bits(NodeExport n, string integers, string truths)
    {
        OnnxTensor[] x = Operands.Of(n, [0, 1], real: false, out bool first);
        bool isTruth = x[0].DType == DType.Bool;
        if (!isTruth)
        {
            n.Run.NeedOpset(18);
        }

        n.Give(0, real: false, first, n.Binary(isTruth ? truths : integers, x[0], x[1]));
    }

    static void Shift(NodeExport n, string direction)
    {
        OnnxTensor[] x = Operands.Of(n, [0, 1], real: false, out bool first);
        if (x[0].DType is not (DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64))
        {
            throw new NoEquivalentException($"BitShift takes unsigned integers, not {x[0].DType}");
        }

        // ONNX Runtime shifts no 16 bits; what 32 have beyond them falls off in the cast back.
        DType type = x[0].DType;
        DType wide = type == DType.UInt16 ? DType.UInt32 : type;
        OnnxTensor y = n.Add(
            "BitShift", wide, NodeExport.Broadcast(x[0].Shape, x[1].Shape),
            [n.Cast(x[0], wide), n.Cast(x[1], wide)], Attribute.Of("direction", direction));
        n.Give(0, real: false, first, n.Cast(y, type));
    }

    static void Select(NodeExport n)
    {
        OnnxTensor[] x = Operands.Of(n, [0, 1, 2], real: true, out bool first);
        DType type = x[1].DType;
        OnnxTensor y = n.Where(x[0], Widened(n, x[1]), Widened(n, x[2]));
        n.Give(0, real: true, first, n.Cast(y, type));
    }

    static void Sum(NodeExport n)
    {
        OnnxTensor[] x = Operands.Of(
            n, [.. Enumerable.Range(0, n.InputCount)], real: true, out bool first);
        OnnxTensor sum = x[0];
        foreach (OnnxTensor next in x[1..])
        {
            sum = n.Binary("Add", sum, next);
        }

        n.Give(0, real: true, first, sum);
    }
}

/// <summary>Operands of ops that broadcast, all in one layout.</summary>
static class Operands
{
    /// <summary>The inputs named; channels first if one is at hand so only and the others can be
    /// had so without moving more than constants or tensors of the same rank.</summary>
    public static OnnxTensor[] Of(
        NodeExport n, ReadOnlySpan<int> inputs, bool real, out bool first)
    {
        int rank = n.Out(0).Shape.Rank;
        bool any = false;
        bool all = rank >= 3;
        foreach (int i in inputs)
        {
            Value v = n.In(i);
            any |= v.Shape.Rank == rank && n.IsFirst(i);
            all &= v.Shape.Rank == rank || v.Shape.Elements == 1
                || (v.Constant is not null && v.Quant is null or { IsPerTensor: true });
        }

        first = any && all;
        var tensors = new OnnxTensor[inputs.Length];
        for (int k = 0; k < tensors.Length; k++)
        {
            Value v = n.In(inputs[k]);
            int value = n.Node.Inputs[inputs[k]];
            bool padded = first && v.Shape.Rank < rank && v.Shape.Elements > 1;
            tensors[k] = padded
                ? n.Scope.PaddedFirst(value, rank)
                : n.Scope.Get(value, real, first && v.Shape.Rank == rank);
        }

        return tensors;
    }
}
