using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>The input lines under one output line after the other, each converted once.</summary>
unsafe ref struct DepthwiseRing<T, TTo, TCopy>(
    in ConvShape shape, in DepthwisePlan plan, byte* scratch, TCopy copy)
    where T : unmanaged
    where TTo : unmanaged
    where TCopy : struct, IConvCopy<T, TTo>
{
    readonly ref readonly ConvShape shape = ref shape;
    readonly ref readonly DepthwisePlan plan = ref plan;
    readonly TCopy copy = copy;
    int batch = -1;
    int loaded;

    public readonly nint* Taps = (nint*)scratch;

    public readonly TTo* Values = (TTo*)(scratch + plan.TableBytes);

    /// <summary>Loads what output line <paramref name="height"/> of a batch item reads, and places
    /// its taps. Lines come in order.</summary>
    public void Enter(T* input, int item, int height, TTo outside)
    {
        int top = height * shape.StrideHeight;
        if (item != batch)
        {
            batch = item;
            loaded = top;
        }
        nint lineValues = (nint)shape.InWidth * shape.InChannels;
        input += item * lineValues * shape.InHeight;
        for (loaded = Math.Max(loaded, top); loaded < top + plan.Lines; loaded++)
        {
            int from = loaded - shape.PadTop;
            T* line = (uint)from < (uint)shape.InHeight ? input + from * lineValues : null;
            Load(line, outside, Values + loaded % plan.Lines * plan.LineValues);
        }
        plan.Place(shape, top, Taps);
    }

    readonly void Load(T* line, TTo outside, TTo* to)
    {
        int channels = shape.InChannels;
        int multiplier = shape.OutChannels / channels;
        if (shape.StrideWidth == 1 && multiplier == 1)
        {
            ConvRows.Line(shape, line, plan.PhasePixels, outside, to, copy);
            return;
        }
        for (int phase = 0; phase < plan.Phases; phase++)
        {
            int x = phase - shape.PadLeft;
            for (int i = 0; i < plan.PhasePixels; i++)
            {
                if (line != null && (uint)x < (uint)shape.InWidth)
                {
                    copy.Copy(line + (nint)x * channels, to, channels);
                    Repeat(to, channels, multiplier);
                }
                else
                {
                    new Span<TTo>(to, shape.OutChannels).Fill(outside);
                }
                x += shape.StrideWidth;
                to += shape.OutChannels;
            }
        }
    }

    // Backwards, so that no value is overwritten before it is read.
    static void Repeat(TTo* values, int channels, int multiplier)
    {
        for (int c = channels - 1; c >= 0 && multiplier > 1; c--)
        {
            new Span<TTo>(values + (nint)c * multiplier, multiplier).Fill(values[c]);
        }
    }
}
