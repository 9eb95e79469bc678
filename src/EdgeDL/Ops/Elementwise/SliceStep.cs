using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Checks of quantizations that may differ by slice of an axis.</summary>
static class SliceQuantization
{
    /// <summary>Throws unless the quantization fits the shape.</summary>
    public static Quantization Check(
        InferContext c, Quantization? quant, Shape shape, string what)
    {
        if (quant is null)
        {
            c.Fail($"{what} needs a quantization");
        }

        if (quant.BlockSize > 0)
        {
            int blocks = shape.Rank == 0 ? 1 : (shape[-1] + quant.BlockSize - 1) / quant.BlockSize;
            long rows = shape.Rank == 0 ? 1 : shape.Product(0, shape.Rank - 1);
            if (blocks * rows != quant.Scales.Length)
            {
                c.Fail($"{what} of {shape} has {quant.Scales.Length} block scales, "
                    + $"{blocks * rows} are needed");
            }
        }
        else if (quant.Axis >= 0 && (quant.Axis >= shape.Rank
            || shape[quant.Axis] != quant.Scales.Length))
        {
            c.Fail($"{what} of {shape} has {quant.Scales.Length} scales along axis {quant.Axis}");
        }

        return quant;
    }

    /// <summary>One scale and zero point, for int32 too.</summary>
    public static Quantization RequireOne(
        InferContext c, Quantization? quant, DType type, string what)
    {
        if (type != DType.Int32)
        {
            return Quantizations.Require(c, quant, type, what);
        }

        if (quant is not { IsPerTensor: true })
        {
            c.Fail($"{what} is {type} and needs a per-tensor quantization");
        }

        return quant;
    }
}

/// <summary>
/// A conversion whose scale may differ by slice: elements in runs that share one scale and zero
/// point, split over the workers.
/// </summary>
abstract class SliceStep(PrepareContext c, Quantization quant)
    : ElementsStep(c.Workers, c.Output(0).Elements)
{
    readonly int run = Run(c.Output(0).Shape, quant);

    static int Run(in Shape shape, Quantization quant) => Math.Max(1, quant switch
    {
        { BlockSize: > 0 } => quant.BlockSize,
        { Axis: >= 0 } => shape.Product(quant.Axis + 1, shape.Rank),
        _ => shape.Elements,
    });

    readonly int row = c.Output(0).Shape is { Rank: > 0 } s ? Math.Max(1, s[-1]) : 1;

    protected sealed override void Elements(int begin, int count)
    {
        int end = begin + count;
        while (begin < end)
        {
            (int slice, int next) = quant.BlockSize > 0 ? Block(begin) : Axis(begin);
            int n = Math.Min(next, end) - begin;
            Slice(begin, n, quant.ScaleOf(slice), quant.ZeroPointOf(slice));
            begin += n;
        }
    }

    (int Slice, int Next) Axis(int at)
    {
        long next = ((long)(at / run) + 1) * run;
        return (at / run % quant.Scales.Length, (int)Math.Min(next, int.MaxValue));
    }

    // Blocks lie along the innermost axis; the last one of a row may be short.
    (int Slice, int Next) Block(int at)
    {
        int blocks = (row + run - 1) / run;
        int line = at / row;
        int block = at % row / run;
        return ((line * blocks) + block, (line * row) + Math.Min((block + 1) * run, row));
    }

    /// <summary>Converts elements that share one scale and zero point.</summary>
    protected abstract void Slice(int begin, int count, float scale, int zero);
}
