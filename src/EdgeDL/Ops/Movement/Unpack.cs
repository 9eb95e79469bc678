using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y₀, y₁, … = the slices of x along an axis, without that axis.</summary>
public sealed class Unpack(int axis) : Op, IOp<Unpack>
{
    public static OpCode Code => OpCode.Unpack;

    public override OpCode OpCode => Code;

    /// <summary>The axis that goes.</summary>
    public int Axis => axis;

    public static Unpack Read(ref AttributeReader a) => new(a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a) => a.Int(axis);

    public override void Infer(InferContext c)
    {
        InferInput x = MovementRules.Whole(c, 0);
        MovementRules.Axis(c, axis, x.Shape.Rank);
        c.Arity(inputs: 1, outputs: x.Shape[axis]);
        ReadOnlySpan<int> dims = x.Shape.Dims;
        var shape = new Shape([.. dims[..axis], .. dims[(axis + 1)..]]);
        for (int i = 0; i < c.OutputCount; i++)
        {
            c.SetOutput(i, x.DType, shape);
        }
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        int size = x.DType.Size();
        int outer = x.Shape.Product(0, axis);
        int inner = x.Shape.Product(axis + 1, x.Shape.Rank);
        long row = (long)inner * size;
        var parts = new StridedPart[c.OutputCount];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new StridedPart(
                x, i * row, c.Output(i), 0,
                [new(outer, row * parts.Length, row), new(inner, size, size)], size);
        }

        return new StridedStep(parts);
    }
}
