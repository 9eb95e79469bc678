using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = x₀, x₁, … stacked along a new axis.</summary>
public sealed class Pack(int axis) : Op, IOp<Pack>
{
    public static OpCode Code => OpCode.Pack;

    public override OpCode OpCode => Code;

    /// <summary>Where the new axis stands in the result.</summary>
    public int Axis => axis;

    public static Pack Read(ref AttributeReader a) => new(a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a) => a.Int(axis);

    public override void Infer(InferContext c)
    {
        c.Arity(c.InputCount, c.InputCount, outputs: 1);
        if (c.InputCount == 0)
        {
            c.Fail("has nothing to stack");
        }

        InferInput first = MovementRules.Whole(c, 0);
        MovementRules.Axis(c, axis, first.Shape.Rank + 1);
        for (int i = 1; i < c.InputCount; i++)
        {
            MovementRules.Type(c, i, first.DType);
            MovementRules.Shape(c, i, first.Shape);
        }

        ReadOnlySpan<int> dims = first.Shape.Dims;
        c.SetOutput(
            0, first.DType, MovementRules.Shape(
                c, [.. dims[..axis], c.InputCount, .. dims[axis..]]));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView y = c.Output(0);
        int size = y.DType.Size();
        int outer = y.Shape.Product(0, axis);
        int inner = y.Shape.Product(axis + 1, y.Shape.Rank);
        long row = (long)inner * size;
        var parts = new StridedPart[c.InputCount];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new StridedPart(
                c.Input(i), 0, y, i * row,
                [new(outer, row, row * parts.Length), new(inner, size, size)], size);
        }

        return new StridedStep(parts);
    }
}
