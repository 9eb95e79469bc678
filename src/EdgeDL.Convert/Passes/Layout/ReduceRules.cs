using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>Ops that work along some axes, on permuted tensors.</summary>
static class ReduceRules
{
    public static Relayout? Find(GraphEdit graph, Node node, Shape x, int[] perm)
    {
        switch (node.Op)
        {
            case Softmax o:
                return MoveRules.Same(node, new Softmax(perm.IndexOf(o.Axis), o.Beta), perm, 1);
            case LogSoftmax o:
                return MoveRules.Same(node, new LogSoftmax(perm.IndexOf(o.Axis)), perm, 1);
            case HardMax o:
                return MoveRules.Same(node, new HardMax(perm.IndexOf(o.Axis)), perm, 1);
            case CumSum o:
                return MoveRules.Same(
                    node, new CumSum(perm.IndexOf(o.Axis), o.Exclusive, o.Reverse), perm, 1);
            case ArgMax o:
                return One(node, new ArgMax(perm.IndexOf(o.Axis), o.KeepDims, o.IndexType),
                    perm, o.Axis, o.KeepDims);
            case ArgMin o:
                return One(node, new ArgMin(perm.IndexOf(o.Axis), o.KeepDims, o.IndexType),
                    perm, o.Axis, o.KeepDims);
        }

        return AxesOf(node.Op) is { } axes ? Several(node, axes, perm) : null;
    }

    /// <summary>The axes that an op reduces; null if it is no reduction.</summary>
    public static ReduceAxes? AxesOf(Op op) => op switch
    {
        Sum o => o.Axes,
        Mean o => o.Axes,
        ReduceMax o => o.Axes,
        ReduceMin o => o.Axes,
        ReduceProd o => o.Axes,
        ReduceAny o => o.Axes,
        ReduceAll o => o.Axes,
        ReduceL1 o => o.Axes,
        ReduceL2 o => o.Axes,
        ReduceSumSquare o => o.Axes,
        ReduceLogSum o => o.Axes,
        ReduceLogSumExp o => o.Axes,
        _ => null,
    };

    /// <summary>The same reduction over other axes.</summary>
    public static Op With(Op op, ReduceAxes axes) => op switch
    {
        Sum => new Sum(axes),
        Mean => new Mean(axes),
        ReduceMax => new ReduceMax(axes),
        ReduceMin => new ReduceMin(axes),
        ReduceProd => new ReduceProd(axes),
        ReduceAny => new ReduceAny(axes),
        ReduceAll => new ReduceAll(axes),
        ReduceL1 => new ReduceL1(axes),
        ReduceL2 => new ReduceL2(axes),
        ReduceSumSquare => new ReduceSumSquare(axes),
        ReduceLogSum => new ReduceLogSum(axes),
        ReduceLogSumExp => new ReduceLogSumExp(axes),
        _ => throw new ArgumentException($"{op.OpCode} reduces no axes"),
    };

    static Relayout One(Node node, Op op, int[] perm, int axis, bool keepDims) =>
        new(op, [perm], [keepDims ? perm : MoveRules.Without(perm, axis)]);

    static Relayout Several(Node node, ReduceAxes axes, int[] perm)
    {
        int[] moved = [.. axes.Axes.Select(a => perm.IndexOf(a)).Order()];
        int[] result = perm;
        if (!axes.KeepDims)
        {
            foreach (int axis in axes.Axes.OrderDescending())
            {
                result = MoveRules.Without(result, axis);
            }
        }

        return new Relayout(With(node.Op, new ReduceAxes(moved, axes.KeepDims)), [perm], [result]);
    }
}
