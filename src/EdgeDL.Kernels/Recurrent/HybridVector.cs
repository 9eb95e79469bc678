namespace EdgeDL.Kernels.Recurrent;

/// <summary>
/// fp32 vectors as int8 for products with int8 weights, TensorFlow Lite's dynamic-range form.
/// </summary>
public static class HybridVector
{
    /// <summary>
    /// q[i] = round(x[i] · 127 / max|x|), halves away from zero; returns max|x| / 127, or 1 for
    /// the zero vector.
    /// </summary>
    public static float Symmetric(ReadOnlySpan<float> x, Span<sbyte> q)
    {
        float most = 0;
        foreach (float v in x)
        {
            most = MathF.Max(most, MathF.Abs(v));
        }

        if (most == 0)
        {
            q.Clear();
            return 1;
        }

        float inverse = 127f / most;
        for (int i = 0; i < x.Length; i++)
        {
            float rounded = MathF.Round(x[i] * inverse, MidpointRounding.AwayFromZero);
            q[i] = (sbyte)Math.Clamp(rounded, -127f, 127f);
        }

        return most / 127f;
    }

    /// <summary>
    /// x ≈ scale · (q − zero) over the range of x widened to hold zero; q in [−128, 127].
    /// </summary>
    public static (float Scale, int Zero) Asymmetric(ReadOnlySpan<float> x, Span<sbyte> q)
    {
        float low = 0;
        float high = 0;
        foreach (float v in x)
        {
            low = MathF.Min(low, v);
            high = MathF.Max(high, v);
        }

        if (low == high)
        {
            q.Clear();
            return (1, 0);
        }

        double scale = ((double)high - low) / 255;
        double fromLow = -128 - (low / scale);
        double fromHigh = 127 - (high / scale);
        double lowError = 128 + Math.Abs(low / scale);
        double highError = 127 + Math.Abs(high / scale);
        double zero = lowError < highError ? fromLow : fromHigh;
        int nudged = zero <= -128 ? -128
            : zero >= 127 ? 127
            : (int)Math.Round(zero, MidpointRounding.AwayFromZero);
        float inverse = 1f / (float)scale;
        for (int i = 0; i < x.Length; i++)
        {
            float rounded = MathF.Round(nudged + (x[i] * inverse), MidpointRounding.AwayFromZero);
            q[i] = (sbyte)Math.Clamp(rounded, -128f, 127f);
        }

        return ((float)scale, nudged);
    }
}
