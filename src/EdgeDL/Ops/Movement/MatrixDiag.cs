using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = square matrices with the rows of x as diagonals, real zero elsewhere.</summary>
public sealed unsafe class MatrixDiag : Op, IOp<MatrixDiag>
{
    public static OpCode Code => OpCode.MatrixDiag;

    public override OpCode OpCode => Code;

    public static MatrixDiag Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        if (x.Shape.Rank == 0)
        {
            c.Fail("takes diagonals, not a scalar");
        }

        c.SetOutput(
            0, x.DType, MovementRules.Shape(c, [.. x.Shape.Dims, x.Shape[-1]]));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView y = c.Output(0);
        return new FillThenCopyStep(y, Pad.RealZero(c, y), [Diagonal(c.Input(0), y)]);
    }

    /// <summary>Rows of x to the diagonals of y.</summary>
    internal static StridedPart Diagonal(in TensorView x, in TensorView y)
    {
        int size = x.DType.Size();
        int n = x.Shape[-1];
        int matrices = x.Shape.Product(0, x.Shape.Rank - 1);
        long column = y.Shape[-1];
        StridedCopy.Axis[] axes =
        [
            new(matrices, (long)n * size, y.Shape[-2] * column * size),
            new(n, size, (column + 1) * size),
        ];
        return new StridedPart(x, 0, y, 0, axes, size);
    }
}

/// <summary>y = matrices x with their diagonals replaced by the rows of the second input.</summary>
public sealed unsafe class MatrixSetDiag : Op, IOp<MatrixSetDiag>
{
    public static OpCode Code => OpCode.MatrixSetDiag;

    public override OpCode OpCode => Code;

    public static MatrixSetDiag Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        if (x.Shape.Rank < 2)
        {
            c.Fail($"takes matrices, not {x.Shape}");
        }

        int[] diagonal = [.. x.Shape.Dims[..^2], Math.Min(x.Shape[-2], x.Shape[-1])];
        MovementRules.Type(c, 1, x.DType);
        MovementRules.Shape(c, 1, new Shape(diagonal));
        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView y = c.Output(0);
        return new SetStep(c.Input(0), y, MatrixDiag.Diagonal(c.Input(1), y));
    }

    sealed class SetStep(TensorView x, TensorView y, StridedPart diagonal) : Step
    {
        public override void Run()
        {
            if (x.Data != y.Data)
            {
                Buffer.MemoryCopy(x.Data, y.Data, y.Bytes, x.Bytes);
            }

            diagonal.Run();
        }
    }
}
