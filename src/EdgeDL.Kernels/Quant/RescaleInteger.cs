using System.Numerics;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// Integers of one quantization and width to another, and floats to 16 and 32 bits, with TensorFlow
/// Lite's reference arithmetic or ONNX's.
/// </summary>
public static class RescaleInteger
{
    /// <summary>
    /// values[i] = clamp((values[i] − zeroX)·factor + zeroY, min, max), factor = scaleX / scaleY.
    /// </summary>
    public static void Run(
        Span<long> values, int zeroX, FixedFactor factor, int zeroY, long min, long max)
    {
        for (int i = 0; i < values.Length; i++)
        {
            long steps = (long)factor.Times((int)values[i] - zeroX) + zeroY;
            values[i] = Math.Clamp(steps, min, max);
        }
    }

    /// <summary>y[i] = clamp(round(x[i] / scale) + zero), halves away from zero; NaN gives zero.
    /// </summary>
    public static void FromFloat<TY>(ReadOnlySpan<float> x, float scale, int zero, Span<TY> y)
        where TY : unmanaged, IBinaryInteger<TY>
    {
        x = x[..y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double steps = Math.Round(x[i] / (double)scale, MidpointRounding.AwayFromZero);
            y[i] = TY.CreateSaturating((double.IsNaN(steps) ? 0 : steps) + zero);
        }
    }

    /// <summary>
    /// values[i] = clamp(roundEven((values[i] − zeroX)·scaleX / scaleY) + zeroY, min, max) in fp32.
    /// </summary>
    public static void ToEven(
        Span<long> values, int zeroX, float scaleX, float scaleY, int zeroY, long min, long max)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double steps = MathF.Round((values[i] - zeroX) * scaleX / scaleY);
            values[i] = (long)Math.Clamp(steps + zeroY, min, max);
        }
    }

    /// <summary>y[i] = clamp(roundEven(x[i] / scale) + zero) in fp32; NaN gives zero.</summary>
    public static void ToEven<TY>(ReadOnlySpan<float> x, float scale, int zero, Span<TY> y)
        where TY : unmanaged, IBinaryInteger<TY>
    {
        x = x[..y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            float steps = MathF.Round(x[i] / scale);
            y[i] = TY.CreateSaturating((float.IsNaN(steps) ? 0 : (double)steps) + zero);
        }
    }

    /// <summary>y[i] = (x[i] − zero)·scale.</summary>
    public static void ToFloat<TX>(ReadOnlySpan<TX> x, float scale, int zero, Span<float> y)
        where TX : unmanaged, IBinaryInteger<TX>
    {
        x = x[..y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = (float)(long.CreateTruncating(x[i]) - zero) * scale;
        }
    }
}
