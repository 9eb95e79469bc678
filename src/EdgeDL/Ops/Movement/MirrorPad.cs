using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x with a border that mirrors it: about the outermost elements (c b | a b c | b a), or with
/// them repeated if symmetric (b a | a b c | c b).
/// </summary>
public sealed unsafe class MirrorPad(int[] before, int[] after, bool symmetric)
    : Op, IOp<MirrorPad>
{
    public static OpCode Code => OpCode.MirrorPad;

    public override OpCode OpCode => Code;

    /// <summary>Elements put before the first of each axis.</summary>
    public ReadOnlySpan<int> Before => before;

    /// <summary>Elements put after the last of each axis.</summary>
    public ReadOnlySpan<int> After => after;

    /// <summary>True if the outermost elements are repeated.</summary>
    public bool Symmetric => symmetric;

    public static MirrorPad Read(ref AttributeReader a) =>
        new(a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Ints(before);
        a.Ints(after);
        a.Bool(symmetric);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        Shape shape = Pad.Padded(c, x.Shape, before, after);
        for (int d = 0; d < before.Length; d++)
        {
            int most = symmetric ? x.Shape[d] : x.Shape[d] - 1;
            if (Math.Max(before[d], after[d]) > Math.Max(most, 0))
            {
                c.Fail($"axis {d} of {x.Shape[d]} elements can't mirror {before[d]} and "
                    + $"{after[d]}");
            }
        }

        c.SetOutput(0, x.DType, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        if (y.Elements == 0)
        {
            return null;
        }

        int size = x.DType.Size();
        long[] strides = MovementRules.Strides(x.Shape, size);
        var maps = new List<long>();
        for (int d = 0; d < before.Length; d++)
        {
            for (int i = -before[d]; i < x.Shape[d] + after[d]; i++)
            {
                int repeat = symmetric ? 1 : 0;
                int at = i < 0 ? -i - repeat
                    : i >= x.Shape[d] ? (2 * x.Shape[d]) - 2 + repeat - i
                    : i;
                maps.Add(at * strides[d]);
            }
        }

        return y.Shape.Rank == 0
            ? CopyStep.Unless(x, y)
            : new MapStep(x, y, [.. maps], y.Shape.ToArray(), size);
    }

    sealed class MapStep(TensorView x, TensorView y, long[] maps, int[] extents, int size) : Step
    {
        public override void Run() => MappedCopy.Run(x.Data, y.Data, maps, extents, size);
    }
}
