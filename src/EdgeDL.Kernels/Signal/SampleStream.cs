namespace EdgeDL.Kernels.Signal;

/// <summary>Cutting a stream of samples into frames and joining frames into a stream; the state
/// between calls belongs to the caller.</summary>
public static class SampleStream
{
    /// <summary>
    /// Adds one step of samples to <paramref name="held"/> and, once a frame is there, writes it
    /// and drops its oldest step. Returns true if a frame was written.
    /// </summary>
    /// <param name="step">The new samples.</param>
    /// <param name="held">At least the frame's length rounded up to whole steps.</param>
    /// <param name="filled">How many of held count; updated.</param>
    /// <param name="frame">The frame.</param>
    public static bool Frame(
        ReadOnlySpan<short> step, Span<short> held, ref int filled, Span<short> frame)
    {
        step.CopyTo(held[filled..]);
        filled += step.Length;
        if (filled < frame.Length)
        {
            frame.Clear();
            return false;
        }

        held[..frame.Length].CopyTo(frame);
        filled -= step.Length;
        held.Slice(step.Length, filled).CopyTo(held);
        return true;
    }

    /// <summary>y is x, held.Length samples late.</summary>
    public static void Delay(ReadOnlySpan<short> x, Span<short> held, Span<short> y)
    {
        int late = Math.Min(held.Length, x.Length);
        held[..late].CopyTo(y);
        x[..(x.Length - late)].CopyTo(y[late..]);
        held[late..].CopyTo(held);
        x[^late..].CopyTo(held[^late..]);
    }

    /// <summary>held += x, saturating; y takes the first step, which leaves held.</summary>
    public static void OverlapAdd(ReadOnlySpan<short> x, Span<short> held, Span<short> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            held[i] = (short)Math.Clamp(held[i] + x[i], short.MinValue, short.MaxValue);
        }

        Shift(held, y);
    }

    /// <summary>held += x; y takes the first step, which leaves held.</summary>
    public static void OverlapAdd(ReadOnlySpan<float> x, Span<float> held, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            held[i] += x[i];
        }

        Shift(held, y);
    }

    static void Shift<T>(Span<T> held, Span<T> y) where T : unmanaged
    {
        held[..y.Length].CopyTo(y);
        held[y.Length..].CopyTo(held);
        held[^y.Length..].Clear();
    }
}
