using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y[i₀, i₁, …] = x with axis d of y being axis perm[d] of x.</summary>
public sealed class Transpose(int[] perm) : Op, IOp<Transpose>
{
    public static OpCode Code => OpCode.Transpose;

    public override OpCode OpCode => Code;

    /// <summary>For each axis of the result the axis of the input.</summary>
    public ReadOnlySpan<int> Perm => perm;

    public static Transpose Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(perm);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        MovementRules.Length(c, perm, x.Shape.Rank, "the permutation");
        Span<int> dims = stackalloc int[Shape.MaxRank];
        int seen = 0;
        for (int d = 0; d < perm.Length; d++)
        {
            MovementRules.Axis(c, perm[d], perm.Length);
            seen |= 1 << perm[d];
            dims[d] = x.Shape[perm[d]];
        }

        if (seen != (1 << perm.Length) - 1)
        {
            c.Fail("the permutation names an axis twice");
        }

        c.SetOutput(0, x.DType, new Shape(dims[..perm.Length]));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int size = x.DType.Size();
        long[] xStrides = MovementRules.Strides(x.Shape, size);
        long[] yStrides = MovementRules.Strides(y.Shape, size);
        var axes = new StridedCopy.Axis[perm.Length];
        for (int d = 0; d < axes.Length; d++)
        {
            axes[d] = new(y.Shape[d], xStrides[perm[d]], yStrides[d]);
        }

        return new StridedStep(new StridedPart(x, 0, y, 0, axes, size));
    }
}
