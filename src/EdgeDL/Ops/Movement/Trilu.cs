using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x in the upper (column − row ≥ k) or lower (column − row ≤ k) triangle of its last two
/// axes, 0 elsewhere; k is the second input, one int64, and may be left out for 0.
/// </summary>
/// <remarks>ONNX operator Trilu.</remarks>
public sealed unsafe class Trilu(bool upper) : Op, IOp<Trilu>
{
    public static OpCode Code => OpCode.Trilu;

    public override OpCode OpCode => Code;

    /// <summary>True for the upper triangle.</summary>
    public bool Upper => upper;

    public static Trilu Read(ref AttributeReader a) => new(a.Bool());

    public override void Write(ref AttributeWriter a) => a.Bool(upper);

    public override void Infer(InferContext c)
    {
        c.Arity(1, 2, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        if (x.Shape.Rank < 2)
        {
            c.Fail($"takes matrices, not {x.Shape}");
        }

        if (x.Quant is { IsPerTensor: false } || x.Quant is { ZeroPoint: not 0 })
        {
            c.Fail("writes zeros, which these quantized integers don't stand for");
        }

        if (c.HasInput(1) && (c.Input(1).DType != DType.Int64 || c.Input(1).Shape.Elements != 1))
        {
            c.Fail($"k is one Int64, not {c.Input(1).DType} {c.Input(1).Shape}");
        }

        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) => new TriangleStep(
        c.Input(0), c.HasInput(1) ? c.Input(1).Pointer<long>() : null, c.Output(0), upper);

    sealed class TriangleStep(TensorView x, long* diagonal, TensorView y, bool upper) : Step
    {
        public override void Run()
        {
            int size = x.DType.Size();
            int rows = x.Shape[-2];
            int columns = x.Shape[-1];
            long k = diagonal is null ? 0 : Math.Clamp(*diagonal, -1L << 32, 1L << 32);
            long rowBytes = (long)columns * size;
            long all = (long)x.Shape.Product(0, x.Shape.Rank - 2) * rows;
            for (long i = 0; i < all; i++)
            {
                // Columns before the cut belong to the lower triangle.
                long row = i % rows;
                long cut = Math.Clamp(upper ? row + k : row + k + 1, 0, columns) * size;
                byte* from = x.Data + (i * rowBytes);
                byte* to = y.Data + (i * rowBytes);
                long begin = upper ? cut : 0;
                long kept = upper ? rowBytes - cut : cut;
                if (from != to)
                {
                    Buffer.MemoryCopy(from + begin, to + begin, kept, kept);
                }

                NativeMemory.Clear(to + (upper ? 0 : cut), (nuint)(rowBytes - kept));
            }
        }
    }
}
