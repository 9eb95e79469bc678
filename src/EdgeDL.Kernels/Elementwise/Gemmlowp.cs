using System.Numerics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>The fixed-point functions of gemmlowp that quantized division is defined by.</summary>
static class Gemmlowp
{
    /// <summary>How far x may be shifted left without losing its sign bit.</summary>
    public static int LeadingSignBits(int x)
        => BitOperations.LeadingZeroCount((uint)(x >= 0 ? x : ~x)) - 1;

    /// <summary>
    /// The 31 fraction bits of 1/m for x = m · 2^bitsOverUnit with m in [1, 2); x &gt; 0 is read
    /// with so many integer bits.
    /// </summary>
    public static (int Value, int BitsOverUnit) Reciprocal(int x, int integerBits)
    {
        int headroom = BitOperations.LeadingZeroCount((uint)x);
        int fraction = (int)(((uint)x << headroom) - (1u << 31));
        return (OneOverOnePlus(fraction), integerBits - headroom);
    }

    /// <summary>
    /// 1/(1 + a) for a in [0, 1) with 31 fractional bits: three Newton steps on half the
    /// denominator from 48/17 − 32/17·d, in numbers with two integer bits.
    /// </summary>
    static int OneOverOnePlus(int a)
    {
        // (a + 1)/2, rounded; 1 is the largest number below it.
        long sum = (long)a + int.MaxValue;
        int halfDenominator = (int)((sum + (sum >= 0 ? 1 : -1)) / 2);
        const int constant48Over17 = 1515870810;
        const int constantNegative32Over17 = -1010580540;
        const int oneWithTwoIntegerBits = 1 << 29;
        int x = constant48Over17 + FixedPoint.SaturatingRoundingDoublingHighMul(
            halfDenominator, constantNegative32Over17);
        for (int i = 0; i < 3; i++)
        {
            int product = FixedPoint.SaturatingRoundingDoublingHighMul(halfDenominator, x);
            int error = oneWithTwoIntegerBits - product;
            // The product of two numbers with two integer bits each has four: shift two back.
            x += ShiftLeftSaturating(FixedPoint.SaturatingRoundingDoublingHighMul(x, error), 2);
        }
        return ShiftLeftSaturating(x, 1);
    }

    static int ShiftLeftSaturating(int x, int bits)
        => (int)Math.Clamp((long)x << bits, int.MinValue, int.MaxValue);
}
