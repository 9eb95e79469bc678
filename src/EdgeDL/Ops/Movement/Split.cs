using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y₀, y₁, … = x cut along an axis into pieces of the given extents.</summary>
public sealed class Split(int axis, int[] extents) : Op, IOp<Split>
{
    public static OpCode Code => OpCode.Split;

    public override OpCode OpCode => Code;

    /// <summary>The axis that is cut.</summary>
    public int Axis => axis;

    /// <summary>The extent of each piece along the axis.</summary>
    public ReadOnlySpan<int> Extents => extents;

    public static Split Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Ints());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Ints(extents);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: extents.Length);
        InferInput x = MovementRules.Whole(c, 0);
        MovementRules.Axis(c, axis, x.Shape.Rank);
        long sum = 0;
        foreach (int extent in extents)
        {
            if (extent < 0)
            {
                c.Fail($"a piece has extent {extent}");
            }

            sum += extent;
        }

        if (sum != x.Shape[axis])
        {
            c.Fail($"the pieces have {sum} elements along axis {axis}, the input {x.Shape[axis]}");
        }

        for (int i = 0; i < extents.Length; i++)
        {
            c.SetOutput(i, x.DType, x.Shape.With(axis, extents[i]));
        }
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        int size = x.DType.Size();
        int outer = x.Shape.Product(0, axis);
        long xRow = x.Shape.Product(axis, x.Shape.Rank) * (long)size;
        long at = 0;
        var parts = new StridedPart[extents.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            TensorView y = c.Output(i);
            long yRow = y.Shape.Product(axis, y.Shape.Rank) * (long)size;
            parts[i] = new StridedPart(
                x, at, y, 0, [new(outer, xRow, yRow), new((int)(yRow / size), size, size)], size);
            at += yRow;
        }

        return new StridedStep(parts);
    }
}
