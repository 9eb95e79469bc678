using System.Numerics;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// Integers of one quantization and width to another, and floats to 16 bits, with TensorFlow
/// Lite's reference arithmetic.
/// </summary>
public static class RescaleInteger
{
    /// <summary>y[i] = clamp((x[i] − zeroX)·factor + zeroY), factor = scaleX / scaleY.</summary>
    public static void Run<TX, TY>(
        ReadOnlySpan<TX> x, int zeroX, in FixedFactor factor, int zeroY, Span<TY> y)
        where TX : unmanaged, IBinaryInteger<TX>
        where TY : unmanaged, IBinaryInteger<TY>
    {
        FixedFactor f = factor;
        x = x[..y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            long steps = (long)f.Times(int.CreateTruncating(x[i]) - zeroX) + zeroY;
            y[i] = TY.CreateSaturating(steps);
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
