namespace EdgeDL.Kernels.Quant;

/// <summary>real = (q − Zero) · Scale: the int8 range of a block of fp32 values.</summary>
public readonly record struct DynamicRange(float Scale, int Zero)
{
    /// <summary>1 / Scale before it was rounded: what values are multiplied by.</summary>
    public float Inverse { get; init; } = 1 / Scale;

    /// <summary>
    /// The asymmetric range over [min(0, low), max(0, high)], zero point placed where its rounding
    /// costs less; as XNNPACK's qd8 operators choose it.
    /// </summary>
    public static DynamicRange Of(float low, float high)
    {
        low = MathF.Min(low, 0);
        high = MathF.Max(high, 0);
        if (low == high || !float.IsFinite(high - low))
        {
            return new(1, -128);
        }
        float inverse = 255f / (high - low);
        if (!float.IsFinite(inverse))
        {
            return new(1, -128);
        }
        float scaledLow = low * inverse;
        float scaledHigh = high * inverse;
        float zero = scaledLow - 128 + (scaledHigh + 127) > 0
            ? -128 - scaledLow
            : 127 - scaledHigh;
        zero = MathF.Round(Math.Clamp(zero, -128f, 127f), MidpointRounding.ToEven);
        return new(1 / inverse, (int)zero) { Inverse = inverse };
    }
}
