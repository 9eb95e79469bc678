using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = x with axes of extent 1, and missing leading axes, repeated up to dims.</summary>
public sealed class BroadcastTo(int[] dims) : Op, IOp<BroadcastTo>
{
    public static OpCode Code => OpCode.BroadcastTo;

    public override OpCode OpCode => Code;

    /// <summary>The extents of the result.</summary>
    public ReadOnlySpan<int> Dims => dims;

    public static BroadcastTo Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(dims);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        Shape shape = MovementRules.Shape(c, dims);
        int missing = shape.Rank - x.Shape.Rank;
        for (int d = 0; d < x.Shape.Rank; d++)
        {
            if (missing < 0 || (x.Shape[d] != 1 && x.Shape[d] != shape[d + missing]))
            {
                c.Fail($"{x.Shape} can't be repeated to {shape}");
            }
        }

        c.SetOutput(0, x.DType, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int size = x.DType.Size();
        long[] xStrides = MovementRules.Strides(x.Shape, size);
        long[] yStrides = MovementRules.Strides(y.Shape, size);
        var axes = new StridedCopy.Axis[dims.Length];
        int missing = dims.Length - x.Shape.Rank;
        for (int d = 0; d < axes.Length; d++)
        {
            bool repeated = d < missing || x.Shape[d - missing] == 1;
            axes[d] = new(dims[d], repeated ? 0 : xStrides[d - missing], yStrides[d]);
        }

        return new StridedStep(new StridedPart(x, 0, y, 0, axes, size));
    }
}
