using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[…, m, n] = Σ_k x[…, m, k] · w[…, k, n]; the axes before the last two broadcast. An adjoint
/// operand has its last two axes swapped. fp32, or int8 and int16 with fixed-point rescaling as in
/// TensorFlow Lite.
/// </summary>
public sealed class BatchMatMul(bool adjointX, bool adjointY) : Op, IOp<BatchMatMul>
{
    public static OpCode Code => OpCode.BatchMatMul;

    public override OpCode OpCode => Code;

    public bool AdjointX => adjointX;

    public bool AdjointY => adjointY;

    public static BatchMatMul Read(ref AttributeReader a) => new(a.Bool(), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Bool(adjointX);
        a.Bool(adjointY);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(2, 1);
        InferInput x = c.Input(0);
        InferInput w = c.Input(1);
        if (x.DType != w.DType
            || x.DType is not (DType.Float32 or DType.Int8 or DType.Int16))
        {
            c.Fail($"multiplies two of Float32, Int8 or Int16, not {x.DType} by {w.DType}");
        }

        if (x.Shape.Rank < 2 || w.Shape.Rank < 2 || x.Shape.Elements == 0 || w.Shape.Elements == 0)
        {
            c.Fail($"takes matrices or batches of them, gets {x.Shape} and {w.Shape}");
        }

        MatMulBatches batches = MatMulBatches.Of(x.Shape, w.Shape, adjointX, adjointY);
        if (batches.Depth != (adjointY ? w.Shape[-1] : w.Shape[-2]))
        {
            c.Fail($"{x.Shape} and {w.Shape} have different inner axes");
        }

        if (batches.Problem is { } problem)
        {
            c.Fail(problem);
        }

        if (x.DType != DType.Float32)
        {
            CheckQuantization(c, x, w);
        }

        MacShapes.SetOutput(c, batches.Output, batches.Depth);
        if (batches.Depth > 1 << 28)
        {
            c.Fail($"sums {batches.Depth} products a value, at most 2^28 are supported");
        }

        long transposed = adjointX && x.DType != DType.Int16 ? x.DType.Bytes(x.Shape.Elements) : 0;
        long sums = x.DType == DType.Int8 ? 4L * new Shape(batches.Output).Elements + 63 : 0;
        c.Scratch(sums + transposed);
    }

    static void CheckQuantization(InferContext c, InferInput x, InferInput w)
    {
        Quantization a = Quantizations.Require(c, x.Quant, x.DType, "input 0");
        Quantization b = Quantizations.Require(c, w.Quant, w.DType, "input 1");
        Quantization y = Quantizations.Require(c, c.OutputQuant(0), x.DType, "output");
        if (x.DType == DType.Int16 && (a.ZeroPoint != 0 || b.ZeroPoint != 0 || y.ZeroPoint != 0))
        {
            c.Fail("Int16 operands need zero points 0");
        }

        double scale = (double)a.Scale * b.Scale / y.Scale;
        if (!(scale < 1 << 20))
        {
            c.Fail($"the product is rescaled by {scale:g4}, at most 2^20 is supported");
        }
    }

    public override Step? Prepare(PrepareContext c)
    {
        MatMulBatches batches = MatMulBatches.Of(
            c.Input(0).Shape, c.Input(1).Shape, adjointX, adjointY);
        return c.Output(0).DType switch
        {
            DType.Float32 => new MatMulF32Step(c, batches),
            DType.Int8 => new MatMulS8Step(c, batches),
            _ => new MatMulS16Step(c, batches),
        };
    }
}
