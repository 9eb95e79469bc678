using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>One strided copy with its addresses; bounds were proven when it was made.</summary>
readonly unsafe struct StridedPart
{
    readonly StridedCopy copy;
    readonly byte* x;
    readonly byte* y;

    /// <param name="x">Read from.</param>
    /// <param name="xOffset">Byte of x at which index (0, 0, …) lies.</param>
    /// <param name="y">Written to.</param>
    /// <param name="yOffset">Byte of y at which index (0, 0, …) lies.</param>
    /// <param name="axes">Outermost first.</param>
    /// <param name="elementBytes">Bytes of one element.</param>
    public StridedPart(
        in TensorView x, long xOffset, in TensorView y, long yOffset,
        ReadOnlySpan<StridedCopy.Axis> axes, int elementBytes)
    {
        copy = new StridedCopy(axes, elementBytes);
        Prove(copy.XRange, xOffset, x);
        Prove(copy.YRange, yOffset, y);
        this.x = x.Data + xOffset;
        this.y = y.Data + yOffset;
    }

    public void Run() => copy.Run(x, y);

    static void Prove((long First, long End) range, long offset, in TensorView tensor)
    {
        if (range.First < range.End
            && (range.First + offset < 0 || range.End + offset > tensor.Bytes))
        {
            throw new InvalidOperationException(
                $"a copy would touch bytes {range.First + offset} to {range.End + offset} of "
                    + $"{tensor}");
        }
    }
}

/// <summary>Strided copies, one after the other.</summary>
sealed class StridedStep(params StridedPart[] parts) : Step
{
    public override void Run()
    {
        foreach (ref readonly StridedPart part in parts.AsSpan())
        {
            part.Run();
        }
    }
}

/// <summary>Sets every byte pattern of one element, then copies: padding.</summary>
sealed unsafe class FillThenCopyStep(
    TensorView y, byte* element, StridedPart[] parts) : Step
{
    public override void Run()
    {
        FillElements.Run(y.Data, y.Elements, element, y.DType.Size());
        foreach (ref readonly StridedPart part in parts.AsSpan())
        {
            part.Run();
        }
    }
}

/// <summary>Writes the same bytes at every run: results that are known while loading.</summary>
sealed unsafe class KnownStep(byte* from, TensorView to) : Step
{
    public override void Run() => Buffer.MemoryCopy(from, to.Data, to.Bytes, to.Bytes);
}

/// <summary>y[i] = element.</summary>
static unsafe class FillElements
{
    public static void Run(byte* y, int count, byte* element, int elementBytes)
    {
        switch (elementBytes)
        {
            case 1:
                new Span<byte>(y, count).Fill(*element);
                break;
            case 2:
                new Span<ushort>(y, count).Fill(*(ushort*)element);
                break;
            case 4:
                new Span<uint>(y, count).Fill(*(uint*)element);
                break;
            default:
                new Span<ulong>(y, count).Fill(*(ulong*)element);
                break;
        }
    }
}
