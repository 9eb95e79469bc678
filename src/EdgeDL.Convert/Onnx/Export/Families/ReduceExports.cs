using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Reductions, arguments of extremes, running sums, softmax.</summary>
static class ReduceExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.Sum] = n => Reduce(n, "ReduceSum", n.Op<Sum>().Axes);
        table[OpCode.Mean] = Mean;
        table[OpCode.ReduceMax] = n => Reduce(n, "ReduceMax", n.Op<ReduceMax>().Axes);
        table[OpCode.ReduceMin] = n => Reduce(n, "ReduceMin", n.Op<ReduceMin>().Axes);
        table[OpCode.ReduceProd] = n => Reduce(n, "ReduceProd", n.Op<ReduceProd>().Axes);
        table[OpCode.ReduceAny] = n => Reduce(n, "ReduceMax", n.Op<ReduceAny>().Axes);
        table[OpCode.ReduceAll] = n => Reduce(n, "ReduceMin", n.Op<ReduceAll>().Axes);
        table[OpCode.ReduceL1] = n => Reduce(n, "ReduceL1", n.Op<ReduceL1>().Axes);
        table[OpCode.ReduceL2] = n => Reduce(n, "ReduceL2", n.Op<ReduceL2>().Axes);
        table[OpCode.ReduceSumSquare] = n =>
            Reduce(n, "ReduceSumSquare", n.Op<ReduceSumSquare>().Axes);
        table[OpCode.ReduceLogSum] = n => Reduce(n, "ReduceLogSum", n.Op<ReduceLogSum>().Axes);
        table[OpCode.ReduceLogSumExp] = n =>
            Reduce(n, "ReduceLogSumExp", n.Op<ReduceLogSumExp>().Axes);
        table[OpCode.ArgMax] = n => Arg(
            n, "ArgMax", n.Op<ArgMax>().Axis, n.Op<ArgMax>().KeepDims);
        table[OpCode.ArgMin] = n => Arg(
            n, "ArgMin", n.Op<ArgMin>().Axis, n.Op<ArgMin>().KeepDims);
        table[OpCode.CumSum] = CumulativeSum;
        table[OpCode.TopK] = Top;
        table[OpCode.Determinant] = n =>
            n.Give(0, n.Add("Det", DType.Float32, n.Out(0).Shape, [n.Real(0)]));
        table[OpCode.Softmax] = Softmax;
        table[OpCode.LogSoftmax] = n => Along(n, "LogSoftmax", n.Op<LogSoftmax>().Axis, 1);
        table[OpCode.HardMax] = n => Along(n, "Hardmax", n.Op<HardMax>().Axis, 1);
    }

    // Runtimes have a kernel of their own for the mean of a picture, and one for its integers.
    static void Mean(NodeExport n)
    {
        ReduceAxes axes = n.Op<Mean>().Axes;
        Shape x = n.In(0).Shape;
        bool isPicture = x.Rank == 4 && axes.KeepDims
            && axes.Axes.ToArray().Select(a => (a + 4) % 4).Order().SequenceEqual([1, 2]);
        if (!isPicture || !(n.In(0).DType == DType.Float32 || n.IsQuantized(0)))
        {
            Reduce(n, "ReduceMean", axes);
            return;
        }

        n.GiveFirst(0, n.Add(
            "GlobalAveragePool", DType.Float32, new Shape(x[0], x[3], 1, 1), [n.RealFirst(0)]));
    }

    static void Reduce(NodeExport n, string type, ReduceAxes axes)
    {
        int rank = n.In(0).Shape.Rank;
        bool first = n.IsFirst(0) && (axes.KeepDims || KeepsOrder(axes.Axes, rank));
        OnnxTensor x = first ? n.RealFirst(0) : n.Real(0);
        DType result = x.DType;
        if (result is DType.Bool or DType.Int8 or DType.UInt8 or DType.Int16 or DType.UInt16)
        {
            x = n.Cast(x, DType.Int32);
        }

        int[] along = first ? Layouts.FirstAxes(axes.Axes, rank) : axes.Axes;

        // An empty list means all axes to ONNX and none to us.
        OnnxTensor y = along.Length == 0
            ? Single(n, type, x) : n.Reduce(type, x, along, axes.KeepDims);
        n.Give(0, real: true, first && axes.KeepDims, n.Cast(y, result));
    }

    static OnnxTensor Single(NodeExport n, string type, OnnxTensor x) => type switch
    {
        "ReduceL1" or "ReduceL2" => n.Unary("Abs", x),
        "ReduceSumSquare" => n.Binary("Mul", x, x),
        "ReduceLogSum" => n.Unary("Log", x),
        _ => x,
    };

    // What is left has the same order in both layouts if the channels, or all axes but batch and
    // channels, go.
    static bool KeepsOrder(int[] axes, int rank) =>
        axes.Contains(rank - 1) || Enumerable.Range(1, rank - 2).All(axes.Contains);

    static void Arg(NodeExport n, string type, int axis, bool keepDims)
    {
        Shape x = n.In(0).Shape;
        bool first = n.IsFirst(0) && (keepDims || KeepsOrder([axis], x.Rank));
        OnnxTensor from = first ? n.RawFirst(0) : n.Raw(0);
        if (from.DType is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int32))
        {
            from = n.Cast(from, from.DType is DType.Int16 or DType.UInt16
                ? DType.Int32 : DType.Float64);
        }

        int along = first ? Layouts.FirstAxis(axis, x.Rank) : axis;
        OnnxTensor y = n.Add(
            type, DType.Int64, NodeExport.Reduced(from.Shape, [along], keepDims), [from],
            Attribute.Of("axis", (long)along), Attribute.Of("keepdims", keepDims ? 1 : 0));
        n.Give(0, real: false, first && keepDims, n.Cast(y, n.Out(0).DType));
    }

    static void CumulativeSum(NodeExport n)
    {
        var op = n.Op<CumSum>();
        OnnxTensor x = n.Real(0);
        OnnxTensor axis = n.Scope.Constant(
            Constants.Number($"{n.Node.Name}/axis", DType.Int64, op.Axis));
        n.Give(0, n.Like(
            "CumSum", x, [x, axis], Attribute.Of("exclusive", op.Exclusive ? 1 : 0),
            Attribute.Of("reverse", op.Reverse ? 1 : 0)));
    }

    static void Top(NodeExport n)
    {
        var op = n.Op<TopK>();
        OnnxTensor x = n.Real(0);
        Shape y = n.Out(0).Shape;
        OnnxTensor[] both = n.AddMany(
            "TopK", [(x.DType, y), (DType.Int64, y)], [x, n.Extents("k", op.K)],
            Attribute.Of("axis", -1), Attribute.Of("largest", op.Largest ? 1 : 0),
            Attribute.Of("sorted", 1));
        n.Give(0, both[0]);
        n.GiveRaw(1, n.Cast(both[1], n.Out(1).DType));
    }

    static void Softmax(NodeExport n)
    {
        var op = n.Op<Softmax>();
        Along(n, "Softmax", op.Axis, op.Beta);
    }

    static void Along(NodeExport n, string type, int axis, float beta)
    {
        bool first = n.IsFirst(0);
        OnnxTensor x = first ? n.RealFirst(0) : n.Real(0);
        if (beta != 1)
        {
            x = n.Binary("Mul", x, n.Number(DType.Float32, beta));
        }

        int along = first ? Layouts.FirstAxis(axis, x.Shape.Rank) : axis;
        n.Give(0, real: true, first, n.Like(type, x, [x], Attribute.Of("axis", (long)along)));
    }
}
