using System.Numerics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Recurrent;

/// <summary>
/// x = (x − mean) / deviation · weight + bias over one vector of 16-bit numbers, all in integers,
/// as in TensorFlow Lite's integer LSTM with layer normalization.
/// </summary>
public static class FixedLayerNorm
{
    const int ExtraBits = 10;

    /// <param name="x">The vector, replaced by its normalized form, Q3.12.</param>
    /// <param name="weights">As many as x.</param>
    /// <param name="bias">As many as x; one unit is weight scale / 1024.</param>
    /// <param name="multiplier">The weights' scale.</param>
    /// <param name="shift">The weights' scale.</param>
    /// <param name="varianceLimit">Stands for a variance that rounds to nothing.</param>
    public static void Run(
        Span<short> x, ReadOnlySpan<short> weights, ReadOnlySpan<int> bias, int multiplier,
        int shift, int varianceLimit)
    {
        long sum = 0;
        long squares = 0;
        foreach (short v in x)
        {
            sum += v;
            squares += v * v;
        }

        int mean = (int)((sum << ExtraBits) / x.Length);
        long variance = (squares * ((1 << (2 * ExtraBits)) / x.Length)) - ((long)mean * mean);
        int rounded = (int)(variance / (1 << (2 * ExtraBits)));
        (int inverse, int inverseShift) = InverseSquareRoot(
            rounded < 1 ? varianceLimit : rounded);
        for (int i = 0; i < x.Length; i++)
        {
            int centered = (x[i] << ExtraBits) - mean;
            int normal = FixedPoint.MultiplyByQuantizedMultiplier(centered, inverse, inverseShift);
            long weighted = (normal * weights[i]) + bias[i];
            int scaled = (int)((weighted > 0 ? weighted + 512 : weighted - 512) / 1024);
            int value = FixedPoint.MultiplyByQuantizedMultiplier(scaled, multiplier, shift + 12);
            x[i] = (short)Math.Clamp(value, short.MinValue, short.MaxValue);
        }
    }

    /// <summary>
    /// 1/√x as multiplier · 2^(shift − 31), by five Newton steps with 3 integer bits.
    /// </summary>
    public static (int Multiplier, int Shift) InverseSquareRoot(int x)
    {
        if (x <= 1)
        {
            return (int.MaxValue, 0);
        }

        int right = 11;
        while (x >= 1 << 29)
        {
            x /= 4;
            right++;
        }

        int pairs = ((BitOperations.LeadingZeroCount((uint)x) - 1) / 2) - 1;
        right -= pairs;
        x <<= 2 * pairs;
        int half = FixedPoint.RoundingDivideByPowerOfTwo(x >> 1, 1);
        int guess = 1 << 28;
        for (int i = 0; i < 5; i++)
        {
            int cube = Left(Multiply(Multiply(guess, guess), guess), 6);
            guess = Left(Multiply((1 << 28) + (1 << 27), guess) - Multiply(half, cube), 3);
        }

        guess = Multiply(guess, 1518500250);
        if (right < 0)
        {
            guess <<= -right;
            right = 0;
        }

        return (guess, -right);
    }

    static int Multiply(int a, int b) => FixedPoint.SaturatingRoundingDoublingHighMul(a, b);

    static int Left(int x, int exponent) =>
        (int)Math.Clamp((long)x << exponent, int.MinValue, int.MaxValue);
}
