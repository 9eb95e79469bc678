namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// A function of int16 values by linear interpolation between 513 samples, TensorFlow Lite's way:
/// y[i] = base + ((next − base)·(x mod 128) + 64) ≫ 7. y may be x.
/// </summary>
public static class Table16
{
    public const int Entries = 513;

    const int Steps = Entries - 1;

    /// <summary>
    /// Samples fn at 512 even steps of the input's range. Each sample is moved by half the
    /// interpolation's error at the middle of its step, which halves the largest error.
    /// </summary>
    public static void Fill(
        Span<short> table, ScalarFunction fn, float scaleX, int zeroX, float scaleY, int zeroY)
    {
        float low = scaleX * (short.MinValue - zeroX);
        float high = scaleX * (short.MaxValue - zeroX);
        float outputLow = scaleY * (short.MinValue - zeroY);
        float outputHigh = scaleY * (short.MaxValue - zeroY);
        float step = (high - low) / Steps;
        float inverse = 65536f / (outputHigh - outputLow);
        for (int i = 0; i < Steps; i++)
        {
            float here = Bounded(fn.Apply(low + (i * step)), outputLow, outputHigh) * inverse;
            float between = low + (i * step) + (step / 2);
            float middle = Bounded(fn.Apply(between), outputLow, outputHigh) * inverse;
            float after = low + ((i + 1) * step);
            float next = Bounded(fn.Apply(after), outputLow, outputHigh) * inverse;
            float sample = Nearest(here);
            float interpolated = Nearest((next + sample) / 2);
            float bias = Nearest((interpolated - Nearest(middle)) / 2);
            table[i] = Saturate(sample - bias);
        }
        table[Steps] = Saturate(
            Nearest(Bounded(fn.Apply(high), outputLow, outputHigh) * inverse));
    }

    public static void Run(ReadOnlySpan<short> table, ReadOnlySpan<short> x, Span<short> y)
    {
        table = table[..Entries];
        x = x[..y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int value = x[i];
            int at = (value >> 7) + (Steps / 2);
            int here = table[at];
            int slope = table[at + 1] - here;
            y[i] = (short)(here + (((slope * (value & 127)) + 64) >> 7));
        }
    }

    static float Nearest(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);

    static short Saturate(float value)
        => (short)MathF.Min(MathF.Max(value, short.MinValue), short.MaxValue);

    // Where the function has no value, or an infinite one, an end of the output's range stands.
    static float Bounded(float value, float low, float high)
        => float.IsNaN(value) || float.IsNegativeInfinity(value) ? low
            : float.IsPositiveInfinity(value) ? high
            : value;
}
