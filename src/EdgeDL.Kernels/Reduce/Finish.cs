using System.Numerics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Reduce;

/// <summary>What follows a reduction: from accumulators to outputs.</summary>
public static class Finish
{
    /// <summary>y[i] = x[i] · factor; y may be x.</summary>
    public static void Scale(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = x[i] * factor;
        }
    }

    /// <summary>y[i] = √x[i]; y may be x.</summary>
    public static void Root(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = MathF.Sqrt(x[i]);
        }
    }

    /// <summary>y[i] = ln x[i]; y may be x.</summary>
    public static void Log(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = MathF.Log(x[i]);
        }
    }

    /// <summary>
    /// y[i] = clamp(x[i] · multiplier · 2^(shift − 31)), TensorFlow Lite's fixed-point rescaling of
    /// numbers without a zero point.
    /// </summary>
    public static void FixedPointRescale(
        ReadOnlySpan<int> x, int multiplier, int shift, Span<short> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            int value = FixedPoint.MultiplyByQuantizedMultiplier(x[i], multiplier, shift);
            y[i] = (short)Math.Clamp(value, short.MinValue, short.MaxValue);
        }
    }

    /// <summary>
    /// y[i] = rne(clamp((x[i] + bias) · scale + zeroPoint)), each step rounded to float: the zero
    /// point takes part in rounding halves to even, as in XNNPACK's conversion from float.
    /// </summary>
    public static void Requantize<T>(
        ReadOnlySpan<int> x, int bias, float scale, int zeroPoint, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        float lowest = int.CreateTruncating(T.MinValue);
        float highest = int.CreateTruncating(T.MaxValue);
        for (int i = 0; i < x.Length; i++)
        {
            float scaled = (x[i] + bias) * scale;
            float value = Math.Clamp(scaled + zeroPoint, lowest, highest);
            y[i] = T.CreateTruncating((int)MathF.Round(value));
        }
    }

    /// <summary>
    /// y[i] = clamp(rne((x[i] + bias) · scale) + zeroPoint): up to 29 bits of sum, the nearest
    /// integer to the exact quotient.
    /// </summary>
    public static void RequantizeToEven<T>(
        ReadOnlySpan<int> x, int bias, Ratio scale, int zeroPoint, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        double lowest = int.CreateTruncating(T.MinValue) - zeroPoint;
        double highest = int.CreateTruncating(T.MaxValue) - zeroPoint;
        for (int i = 0; i < x.Length; i++)
        {
            double steps = Math.Clamp(scale.Times(x[i] + bias), lowest, highest);
            y[i] = T.CreateTruncating((int)Math.Round(steps) + zeroPoint);
        }
    }

    /// <summary>
    /// y[i] = clamp(round(x[i] · scale)), halves away from zero: 16-bit sums of TensorFlow Lite.
    /// </summary>
    public static void RequantizeS16(ReadOnlySpan<int> x, float scale, Span<short> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            float value = Math.Clamp(x[i] * scale, short.MinValue, short.MaxValue);
            y[i] = (short)MathF.Round(value, MidpointRounding.AwayFromZero);
        }
    }

    /// <summary>
    /// y[i] = x[i] / count, truncated towards zero (TensorFlow Lite's integer mean).
    /// </summary>
    public static void Divide<T>(ReadOnlySpan<long> x, long count, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.CreateTruncating(x[i] / count);
        }
    }
}
