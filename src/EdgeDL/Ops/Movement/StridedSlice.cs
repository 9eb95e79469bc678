using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[i] = x[begin + i · stride] for i below count, along each axis; the result may drop axes of
/// extent 1 or gain some (dims).
/// </summary>
public sealed class StridedSlice(int[] begin, int[] count, int[] stride, int[] dims)
    : Op, IOp<StridedSlice>
{
    public static OpCode Code => OpCode.StridedSlice;

    public override OpCode OpCode => Code;

    /// <summary>The first index taken, for each axis of the input.</summary>
    public ReadOnlySpan<int> Begin => begin;

    /// <summary>How many are taken, for each axis of the input.</summary>
    public ReadOnlySpan<int> Count => count;

    /// <summary>From one index to the next, may be negative.</summary>
    public ReadOnlySpan<int> Stride => stride;

    /// <summary>The extents of the result.</summary>
    public ReadOnlySpan<int> Dims => dims;

    public static StridedSlice Read(ref AttributeReader a) =>
        new(
            a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank),
            a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a)
    {
        a.Ints(begin);
        a.Ints(count);
        a.Ints(stride);
        a.Ints(dims);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        MovementRules.Length(c, begin, x.Shape.Rank, "begin");
        MovementRules.Length(c, count, x.Shape.Rank, "count");
        MovementRules.Length(c, stride, x.Shape.Rank, "stride");
        for (int d = 0; d < begin.Length; d++)
        {
            long last = begin[d] + ((count[d] - 1L) * stride[d]);
            bool inside = (uint)begin[d] < (uint)x.Shape[d] && last >= 0 && last < x.Shape[d];
            if (count[d] < 0 || (count[d] > 0 && !inside))
            {
                c.Fail($"takes {count[d]} elements from {begin[d]} on, {stride[d]} apart, "
                    + $"along axis {d} of {x.Shape}");
            }
        }

        Shape taken = MovementRules.Shape(c, count);
        Shape shape = MovementRules.Shape(c, dims);
        if (taken.Elements != shape.Elements)
        {
            c.Fail($"takes {taken}, which can't be shaped {shape}");
        }

        c.SetOutput(0, x.DType, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int bytes = x.DType.Size();
        long[] xStrides = MovementRules.Strides(x.Shape, bytes);
        long[] yStrides = MovementRules.Strides(new Shape(count), bytes);
        var axes = new StridedCopy.Axis[count.Length];
        long at = 0;
        for (int d = 0; d < axes.Length; d++)
        {
            axes[d] = new(count[d], xStrides[d] * stride[d], yStrides[d]);
            at += begin[d] * xStrides[d];
        }

        return new StridedStep(new StridedPart(x, y.Elements == 0 ? 0 : at, y, 0, axes, bytes));
    }
}
