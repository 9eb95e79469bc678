using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Reductions over axes.</summary>
static class ReduceImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("ReduceSum", n => Emit(n, axesInputSince: 13, a => new Sum(a)));
        t.Add("ReduceMean", n => Emit(n, 18, a => new Mean(a)));
        t.Add("ReduceMax", n => Emit(n, 18, a => n.In(0).DType == DType.Bool
            ? new ReduceAny(a) : new ReduceMax(a)));
        t.Add("ReduceMin", n => Emit(n, 18, a => n.In(0).DType == DType.Bool
            ? new ReduceAll(a) : new ReduceMin(a)));
        t.Add("ReduceProd", n => Emit(n, 18, a => new ReduceProd(a)));
        t.Add("ReduceL1", n => Emit(n, 18, a => new ReduceL1(a)));
        t.Add("ReduceL2", n => Emit(n, 18, a => new ReduceL2(a)));
        t.Add("ReduceLogSum", n => Emit(n, 18, a => new ReduceLogSum(a)));
        t.Add("ReduceLogSumExp", n => Emit(n, 18, a => new ReduceLogSumExp(a)));
        t.Add("ReduceSumSquare", n => Emit(n, 18, a => new ReduceSumSquare(a)));
    }

    static void Emit(NodeImport n, int axesInputSince, Func<ReduceAxes, Op> make)
    {
        int rank = n.ShapeOf(0).Rank;
        int[]? given = n.Opset >= axesInputSince
            ? n.Has(1) ? n.Ints(1, "axes") : null
            : n.Ints("axes");
        if (given is null or [] && n.Flag("noop_with_empty_axes"))
        {
            n.SetOutput(0, n.Input(0));
            return;
        }

        int[] axes = given is null or []
            ? [.. Enumerable.Range(0, rank)]
            : [.. given.Select(a => n.Axis(a, rank)).Order()];
        Op op = make(new ReduceAxes(axes, n.Flag("keepdims", true)));
        DType type = n.In(0).DType;
        if (type is DType.Float32 or DType.Int32 or DType.Int64 or DType.Bool)
        {
            n.Emit(op, n.Input(0));
            return;
        }

        int wide = n.Add(new Cast(DType.Int64), "wide", n.Input(0));
        n.Emit(new Cast(type), n.Add(op, "reduced", wide));
    }
}
