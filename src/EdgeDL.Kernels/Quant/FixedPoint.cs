using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// x · multiplier · 2^(shift − 31), the fixed-point arithmetic of TensorFlow Lite's reference
/// kernels (after gemmlowp). Bit-exact: the two roundings of the 32-bit form are part of the
/// meaning.
/// </summary>
public static class FixedPoint
{
    /// <summary>
    /// real ≈ multiplier · 2^(shift − 31), multiplier in [2³⁰, 2³¹) or 0. Values below 2⁻³²
    /// become zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="real"/> is negative or not finite, or is 2³⁰ or more.
    /// </exception>
    public static (int Multiplier, int Shift) QuantizeMultiplier(double real)
    {
        if (!(real >= 0 && real < (1 << 30)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(real), real, "a quantized multiplier must lie in [0, 2^30)");
        }
        if (real == 0)
        {
            return (0, 0);
        }
        // frexp: real = fraction · 2^shift with fraction in [0.5, 1).
        int shift = Math.ILogB(real) + 1;
        double fraction = Math.ScaleB(real, -shift);
        long multiplier = (long)Math.Round(fraction * (1L << 31), MidpointRounding.AwayFromZero);
        if (multiplier == 1L << 31)
        {
            multiplier /= 2;
            shift++;
        }
        return shift < -31 ? (0, 0) : ((int)multiplier, shift);
    }

    /// <summary>round(a · b / 2³¹), halves away from zero; −2³¹ · −2³¹ saturates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SaturatingRoundingDoublingHighMul(int a, int b)
    {
        if (a == int.MinValue && b == int.MinValue)
        {
            return int.MaxValue;
        }
        long product = (long)a * b;
        long nudge = product >= 0 ? 1L << 30 : 1 - (1L << 30);
        // A division, not a shift: the nudged product truncates toward zero.
        return (int)((product + nudge) / (1L << 31));
    }

    /// <summary>round(x / 2^exponent), halves away from zero; exponent in [0, 31].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RoundingDivideByPowerOfTwo(int x, int exponent)
    {
        int mask = (int)((1L << exponent) - 1);
        int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
        return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
    }

    /// <summary>x · multiplier · 2^(shift − 31), rounded twice when shift is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MultiplyByQuantizedMultiplier(int x, int multiplier, int shift)
    {
        int left = shift > 0 ? shift : 0;
        int right = shift > 0 ? 0 : -shift;
        return RoundingDivideByPowerOfTwo(
            SaturatingRoundingDoublingHighMul(x << left, multiplier), right);
    }

    /// <summary>
    /// x · multiplier · 2^(shift − 31) for 48-bit accumulators: the multiplier is first rounded
    /// to 16 bits, then the product is rounded once, halves up.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MultiplyByQuantizedMultiplier(long x, int multiplier, int shift)
    {
        int reduced = multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
        int total = 15 - shift;
        return (int)((x * reduced + (1L << (total - 1))) >> total);
    }

    /// <summary>y[i] = clamp(acc[i] · multiplier · 2^(shift − 31) + zero) as int8.</summary>
    public static void Requantize(
        ReadOnlySpan<int> acc, int multiplier, int shift, Requantize.Range range, Span<sbyte> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            int value = MultiplyByQuantizedMultiplier(acc[i], multiplier, shift) + range.Zero;
            y[i] = (sbyte)Math.Min(Math.Max(value, range.Min), range.Max);
        }
    }
}
