using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = the box of x that begins at begin and has the extents size.</summary>
public sealed class Slice(int[] begin, int[] size) : Op, IOp<Slice>
{
    public static OpCode Code => OpCode.Slice;

    public override OpCode OpCode => Code;

    /// <summary>The first index taken, for each axis.</summary>
    public ReadOnlySpan<int> Begin => begin;

    /// <summary>How many are taken, for each axis.</summary>
    public ReadOnlySpan<int> Size => size;

    public static Slice Read(ref AttributeReader a) =>
        new(a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a)
    {
        a.Ints(begin);
        a.Ints(size);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        MovementRules.Length(c, begin, x.Shape.Rank, "begin");
        MovementRules.Length(c, size, x.Shape.Rank, "size");
        for (int d = 0; d < begin.Length; d++)
        {
            if (begin[d] < 0 || size[d] < 0 || (long)begin[d] + size[d] > x.Shape[d])
            {
                c.Fail($"takes {size[d]} elements from {begin[d]} on along axis {d} of {x.Shape}");
            }
        }

        c.SetOutput(0, x.DType, MovementRules.Shape(c, size));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int bytes = x.DType.Size();
        long[] xStrides = MovementRules.Strides(x.Shape, bytes);
        long[] yStrides = MovementRules.Strides(y.Shape, bytes);
        var axes = new StridedCopy.Axis[size.Length];
        long at = 0;
        for (int d = 0; d < axes.Length; d++)
        {
            axes[d] = new(size[d], xStrides[d], yStrides[d]);
            at += begin[d] * xStrides[d];
        }

        return new StridedStep(new StridedPart(x, y.Elements == 0 ? 0 : at, y, 0, axes, bytes));
    }
}
