using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = x repeated so many times along each axis.</summary>
public sealed class Tile(int[] repeats) : Op, IOp<Tile>
{
    public static OpCode Code => OpCode.Tile;

    public override OpCode OpCode => Code;

    /// <summary>How often x stands along each axis.</summary>
    public ReadOnlySpan<int> Repeats => repeats;

    public static Tile Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(repeats);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        MovementRules.Length(c, repeats, x.Shape.Rank, "repeats");
        Span<int> dims = stackalloc int[Shape.MaxRank];
        for (int d = 0; d < repeats.Length; d++)
        {
            long extent = (long)repeats[d] * x.Shape[d];
            if (repeats[d] < 0 || extent > int.MaxValue)
            {
                c.Fail($"axis {d} of {x.Shape[d]} elements can't stand {repeats[d]} times");
            }

            dims[d] = (int)extent;
        }

        c.SetOutput(0, x.DType, MovementRules.Shape(c, dims[..repeats.Length]));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int size = x.DType.Size();
        long[] xStrides = MovementRules.Strides(x.Shape, size);
        long[] yStrides = MovementRules.Strides(y.Shape, size);
        var axes = new StridedCopy.Axis[2 * repeats.Length];
        for (int d = 0; d < repeats.Length; d++)
        {
            axes[2 * d] = new(repeats[d], 0, yStrides[d] * x.Shape[d]);
            axes[(2 * d) + 1] = new(x.Shape[d], xStrides[d], yStrides[d]);
        }

        return new StridedStep(new StridedPart(x, 0, y, 0, axes, size));
    }
}
