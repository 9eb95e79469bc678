using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = x with the order of some axes turned round.</summary>
public sealed class Reverse(int[] axes) : Op, IOp<Reverse>
{
    public static OpCode Code => OpCode.Reverse;

    public override OpCode OpCode => Code;

    /// <summary>The axes that are turned round.</summary>
    public ReadOnlySpan<int> Axes => axes;

    public static Reverse Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(axes);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        foreach (int axis in axes)
        {
            MovementRules.Axis(c, axis, x.Shape.Rank);
        }

        c.SetOutput(0, x.DType, x.Shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int size = x.DType.Size();
        long[] strides = MovementRules.Strides(x.Shape, size);
        var order = new StridedCopy.Axis[strides.Length];
        long at = 0;
        for (int d = 0; d < order.Length; d++)
        {
            bool turned = Array.IndexOf(axes, d) >= 0;
            order[d] = new(x.Shape[d], turned ? -strides[d] : strides[d], strides[d]);
            at += turned ? strides[d] * (x.Shape[d] - 1L) : 0;
        }

        return new StridedStep(new StridedPart(x, x.Elements == 0 ? 0 : at, y, 0, order, size));
    }
}
