using System.Numerics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Normalize;

/// <summary>
/// 1 / √x as multiplier · 2^(shift − 31) for MultiplyByQuantizedMultiplier, by five Newton-Raphson
/// steps in fixed point, bit for bit TensorFlow Lite's (after gemmlowp).
/// </summary>
static class InverseSquareRoot
{
    // √½ with 31 fraction bits.
    const int HalfSquareRootOfTwo = 1518500250;

    public static (int Multiplier, int Shift) Of(int x)
    {
        if (x <= 1)
        {
            // 0 has no inverse; it counts as 1.
            return (int.MaxValue, 0);
        }

        int shift = 11;
        while (x >= 1 << 29)
        {
            x /= 4;
            shift++;
        }

        int pairs = (BitOperations.LeadingZeroCount((uint)x) - 1) / 2 - 1;
        shift -= pairs;
        x <<= 2 * pairs;
        // Three integer bits: 1 is 2²⁸.
        int half = FixedPoint.RoundingDivideByPowerOfTwo(x >> 1, 1);
        const int ThreeHalves = (1 << 28) + (1 << 27);
        int y = 1 << 28;
        for (int i = 0; i < 5; i++)
        {
            int cube = ShiftLeft(Multiply(Multiply(y, y), y), 6);
            y = ShiftLeft(Multiply(ThreeHalves, y) - Multiply(half, cube), 3);
        }

        y = Multiply(y, HalfSquareRootOfTwo);
        return shift < 0 ? (y << -shift, 0) : (y, -shift);
    }

    static int Multiply(int a, int b) => FixedPoint.SaturatingRoundingDoublingHighMul(a, b);

    static int ShiftLeft(int x, int bits) =>
        (int)Math.Clamp((long)x << bits, int.MinValue, int.MaxValue);
}
