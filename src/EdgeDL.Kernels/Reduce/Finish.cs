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
    /// y[i] = clamp(rne((x[i] + bias) · scale) + zeroPoint): the product is rounded to float, then to
    /// the nearest integer, halves to even, after clamping to the range of T.
    /// </summary>
    public static void Requantize<T>(
        ReadOnlySpan<int> x, int bias, float scale, int zeroPoint, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        float lowest = int.CreateTruncating(T.MinValue) - zeroPoint;
        float highest = int.CreateTruncating(T.MaxValue) - zeroPoint;
        for (int i = 0; i < x.Length; i++)
        {
            float value = Math.Clamp((x[i] + bias) * scale, lowest, highest);
            y[i] = T.CreateTruncating((int)MathF.Round(value) + zeroPoint);
        }
    }

    /// <summary>y[i] = x[i] / count, truncated towards zero (TensorFlow Lite's integer mean).</summary>
    public static void Divide<T>(ReadOnlySpan<long> x, long count, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.CreateTruncating(x[i] / count);
        }
    }
}
