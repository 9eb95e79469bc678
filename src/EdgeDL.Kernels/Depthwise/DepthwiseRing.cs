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
        int stride = shape.StrideWidth, pixels = plan.PhasePixels, width = shape.OutChannels;
        nint step = (nint)stride * channels;
        for (int phase = 0; phase < plan.Phases; phase++)
        {
            // The pixels from left to right lie inside of the line.
            int x = phase - shape.PadLeft;
            int left = line == null ? pixels
                : x < 0 ? (int)Math.Min((stride - 1L - x) / stride, pixels) : 0;
            long end = ((long)shape.InWidth - x + stride - 1) / stride;
            int right = (int)Math.Clamp(end, left, pixels);
            new Span<TTo>(to, left * width).Fill(outside);
            to += (nint)left * width;
            T* from = line + ((nint)x + (nint)left * stride) * channels;
            for (int i = left; i < right; i++, from += step, to += width)
            {
                copy.Copy(from, to, channels);
                if (multiplier > 1)
                {
                    Repeat(to, channels, multiplier);
                }
            }
            new Span<TTo>(to, (pixels - right) * width).Fill(outside);
            to += (nint)(pixels - right) * width;
        }
    }

    // Backwards, so that no value is overwritten before it is read.
    static void Repeat(TTo* values, int channels, int multiplier)
    {
        for (int c = channels - 1; c >= 0; c--)
        {
            new Span<TTo>(values + (nint)c * multiplier, multiplier).Fill(values[c]);
        }
    }
}
