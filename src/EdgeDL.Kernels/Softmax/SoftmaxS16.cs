using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Softmax;

/// <summary>
/// Softmax of int16 rows in fixed point, after TensorFlow Lite's 16-bit reference kernel: exp over
/// [−10, 0] and 1 / (1 + x) over [0, 1] from interpolated tables of 513 entries, outputs in
/// [0, 32767] for [0, 1].
/// </summary>
public sealed class SoftmaxS16
{
    readonly short[] _exp;
    readonly short[] _reciprocal;
    readonly int _multiplier;
    readonly int _shift;

    /// <param name="scaleIn">The input's scale; its zero point does not matter.</param>
    /// <param name="beta">The factor before the exponential.</param>
    public SoftmaxS16(float scaleIn, float beta)
    {
        (_multiplier, _shift) = FixedPoint.QuantizeMultiplier(RealMultiplier(scaleIn, beta));
        const double Unit = 1.0 / ushort.MaxValue;
        _exp = Int16Table.Make(Math.Exp, 10 * Unit, short.MaxValue, 2 * Unit, 0);
        _reciprocal = Int16Table.Make(
            static x => 1 / (1 + x), Unit, short.MinValue, 2 * Unit, 0);
    }

    /// <summary>
    /// Scales differences so that [−65535, 0] stands for [−10, 0]; must be below 2³⁰.
    /// </summary>
    public static double RealMultiplier(float scaleIn, float beta) =>
        (double)(scaleIn * beta) / (10.0 / 65535.0);

    /// <summary>x and y are [rows, length]; rows begin to end − 1; y may be x.</summary>
    public void Run(ReadOnlySpan<short> x, Span<short> y, int length, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            Row(x.Slice(row * length, length), y.Slice(row * length, length));
        }
    }

    void Row(ReadOnlySpan<short> x, Span<short> y)
    {
        int max = short.MinValue;
        foreach (short value in x)
        {
            max = Math.Max(max, value);
        }

        // Q16.15; a row of 65536 ones would be 2³¹.
        int sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            int scaled = FixedPoint.MultiplyByQuantizedMultiplier(x[i] - max, _multiplier, _shift);
            int centred = (int)Math.Clamp(
                (long)scaled + short.MaxValue, short.MinValue, short.MaxValue);
            y[i] = Int16Table.Look(_exp, centred);
            sum += y[i];
        }

        int headroom = System.Numerics.BitOperations.LeadingZeroCount((uint)sum);
        int shifted = (int)((((long)sum << (headroom - 1)) + (1 << 13)) >> 14);
        int x1 = Math.Clamp(shifted - (1 << 15) - (1 << 16), short.MinValue, short.MaxValue);
        long reciprocal = Int16Table.Look(_reciprocal, x1);
        int right = 31 - headroom;
        long round = 1L << (right - 1);
        for (int i = 0; i < x.Length; i++)
        {
            long value = (y[i] * reciprocal + round) >> right;
            y[i] = (short)Math.Clamp(value, 0, short.MaxValue);
        }
    }
}

/// <summary>
/// A function of an int16 as 512 steps of 128 with linear interpolation; each entry is shifted by
/// half the error at the middle of its step.
/// </summary>
static class Int16Table
{
    const int Steps = 512;

    public static short[] Make(
        Func<double, double> function, double scaleIn, int zeroIn, double scaleOut, int zeroOut)
    {
        double min = scaleIn * (short.MinValue - zeroIn);
        double max = scaleIn * (short.MaxValue - zeroIn);
        double lowest = scaleOut * (short.MinValue - zeroOut);
        double highest = scaleOut * (short.MaxValue - zeroOut);
        double step = (max - min) / Steps;
        double half = step / 2;
        double inverse = 65536.0 / (highest - lowest);
        var table = new short[Steps + 1];
        for (int i = 0; i < Steps; i++)
        {
            double here = Round(function(min + i * step) * inverse);
            double next = function(min + (i + 1) * step) * inverse;
            double middle = Round(function(min + i * step + half) * inverse);
            double bias = Round((Round((next + here) / 2) - middle) / 2);
            table[i] = Clamp(here - bias);
        }

        table[Steps] = Clamp(Round(function(max) * inverse));
        return table;
    }

    public static short Look(short[] table, int value)
    {
        int index = 256 + (value >> 7);
        int slope = table[index + 1] - table[index];
        return (short)(table[index] + ((slope * (value & 0x7f) + 64) >> 7));
    }

    static double Round(double value) => Math.Round(value, MidpointRounding.AwayFromZero);

    static short Clamp(double value) =>
        (short)Math.Clamp(value, short.MinValue, short.MaxValue);
}
