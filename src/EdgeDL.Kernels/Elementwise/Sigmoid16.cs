namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// Logistic and tanh of int16 values as TensorFlow Lite computes them: linear interpolation in a
/// table of 2¹⁶/(1 + e^(−i/24)), i = 0 … 255, so that the table covers ±10.6. y may be x.
/// </summary>
public static class Sigmoid16
{
    public const int Entries = 256;

    /// <summary>Fills a table that both functions read.</summary>
    public static void Fill(Span<ushort> table)
    {
        for (int i = 0; i < Entries - 1; i++)
        {
            double here = Sample(i);
            // Straight lines run below the curve: half of the largest error is put on both ends.
            double error = Sample(i + 0.5) - ((here + Sample(i + 1)) / 2);
            table[i] = (ushort)Math.Round(here + (error / 2));
        }
        table[Entries - 1] = ushort.MaxValue;
    }

    static double Sample(double i) => 65536 * ScalarMath.Logistic(i / 24);

    /// <summary>
    /// The integer factor that takes input steps to table steps: x·multiplier ≫ shift with
    /// multiplier below 2¹⁵.
    /// </summary>
    public static (int Multiplier, int Shift) InputScale(float scale)
    {
        double multiplier = scale * 4096.0 * 3.0;
        int shift = 0;
        while (multiplier <= short.MaxValue / 2.0 && shift <= 30)
        {
            shift++;
            multiplier *= 2.0;
        }
        return ((int)multiplier, shift);
    }

    /// <summary>y = 2¹⁵ / (1 + e^−x), output scale 2⁻¹⁵.</summary>
    public static void Logistic(
        ReadOnlySpan<ushort> table, int multiplier, int shift, ReadOnlySpan<short> x, Span<short> y)
    {
        int half = shift > 0 ? 1 << (shift - 1) : 0;
        for (int i = 0; i < y.Length; i++)
        {
            int input = Scale(x[i], multiplier, half, shift);
            uint magnitude = (uint)Math.Abs(input);
            uint at = magnitude >> 9;
            uint value = at >= Entries - 1
                ? 0x7FFFu << 10
                : Interpolate(table, at, magnitude & 0x1FF, 9);
            value = input >= 0 ? value + (1 << 9) : (1u << 25) - value + (1 << 9) - 1;
            y[i] = (short)(value >> 10);
        }
    }

    /// <summary>y = 2¹⁵ · tanh x = 2¹⁵ · (2·logistic(2x) − 1), output scale 2⁻¹⁵.</summary>
    public static void Tanh(
        ReadOnlySpan<ushort> table, int multiplier, int shift, ReadOnlySpan<short> x, Span<short> y)
    {
        int half = shift > 0 ? 1 << (shift - 1) : 0;
        for (int i = 0; i < y.Length; i++)
        {
            int input = Scale(x[i], multiplier, half, shift);
            uint magnitude = (uint)Math.Abs(input);
            uint at = magnitude >> 8;
            int value = at >= Entries - 1
                ? 0xFFFF << 8
                : (int)Interpolate(table, at, magnitude & 0xFF, 8);
            value = input >= 0
                ? value - (1 << 23) + (1 << 7)
                : -value + (1 << 23) + (1 << 7) - 1;
            y[i] = (short)(value >> 8);
        }
    }

    // Saturates where the product leaves 32 bits, which is far beyond the table's end.
    static int Scale(short x, int multiplier, int half, int shift) => (int)Math.Clamp(
        (((long)x * multiplier) + half) >> shift, -int.MaxValue, int.MaxValue);

    static uint Interpolate(ReadOnlySpan<ushort> table, uint at, uint fraction, int bits)
    {
        uint here = table[(int)at];
        uint next = table[(int)at + 1];
        return (here << bits) + (fraction * (next - here));
    }
}
