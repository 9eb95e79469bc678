using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Signal;

/// <summary>
/// The integer audio front end of TensorFlow Lite Micro's signal library: the steps between a
/// frame of samples and log mel energies. Integer results, one meaning on every CPU.
/// </summary>
public static class FixedFrontEnd
{
    const int SnrBits = 12;
    const int PcanOutputBits = 6;

    /// <summary>y[i] = clamp(x[i] · window[i] / 2^shift), rounded down. y may be x.</summary>
    public static void Window(
        ReadOnlySpan<short> x, ReadOnlySpan<short> window, int shift, Span<short> y)
    {
        for (int i = 0; i < window.Length; i++)
        {
            int product = (x[i] * window[i]) >> shift;
            y[i] = (short)Math.Clamp(product, short.MinValue, short.MaxValue);
        }
    }

    /// <summary>y = x · 2^s with the largest s that keeps every |y| below 2¹⁵; returns s.</summary>
    public static int AutoScale(ReadOnlySpan<short> x, Span<short> y)
    {
        int most = 0;
        foreach (short v in x)
        {
            most = Math.Max(most, Math.Abs((int)v));
        }

        int scaleBits = Math.Max(15 - Width((uint)most), 0);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = (short)(x[i] << scaleBits);
        }

        return scaleBits;
    }

    /// <summary>y[k] = re² + im² for k in [begin, end); zero elsewhere.</summary>
    public static void Energy(ReadOnlySpan<FftComplex<short>> x, int begin, int end, Span<uint> y)
    {
        y.Clear();
        for (int k = begin; k < end; k++)
        {
            y[k] = (uint)((x[k].Re * x[k].Re) + (x[k].Im * x[k].Im));
        }
    }

    /// <summary>
    /// Overlapping triangles: channel c sums weight·x over its own bins and (1 − weight)·x over
    /// those of its left neighbour. The bins before the first channel only feed it, so there is
    /// one more entry in the tables than channels.
    /// </summary>
    public static void FilterBank(
        ReadOnlySpan<uint> x,
        ReadOnlySpan<short> weights,
        ReadOnlySpan<short> unweights,
        ReadOnlySpan<short> binStarts,
        ReadOnlySpan<short> weightStarts,
        ReadOnlySpan<short> widths,
        Span<ulong> y)
    {
        ulong carried = 0;
        for (int c = 0; c <= y.Length; c++)
        {
            ulong sum = carried;
            carried = 0;
            for (int j = 0; j < widths[c]; j++)
            {
                ulong energy = x[binStarts[c] + j];
                sum += (ulong)(long)weights[weightStarts[c] + j] * energy;
                carried += (ulong)(long)unweights[weightStarts[c] + j] * energy;
            }

            if (c > 0)
            {
                y[c - 1] = sum;
            }
        }
    }

    /// <summary>y[i] = round(√x[i]) / 2^shift, rounded down.</summary>
    public static void SquareRoot(ReadOnlySpan<ulong> x, int shift, Span<uint> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            uint root = SquareRoot(x[i]);
            y[i] = shift >= 32 ? 0 : root >> shift;
        }
    }

    /// <summary>√x rounded to nearest, at most 2³² − 1, or 2¹⁶ − 1 for x below 2³².</summary>
    public static uint SquareRoot(ulong x)
    {
        ulong root = (ulong)Math.Sqrt(x);
        while (root > uint.MaxValue || root * root > x)
        {
            root--;
        }

        while (root < uint.MaxValue && (root + 1) * (root + 1) <= x)
        {
            root++;
        }

        // x − root² > root is x > (root + ½)²: round up, unless the top is reached.
        uint top = x >> 32 == 0 ? ushort.MaxValue : uint.MaxValue;
        return (uint)(x - (root * root) > root && root != top ? root + 1 : root);
    }

    /// <summary>Smoothing of the noise estimate, in fractions of 2^<see cref="Bits"/>.</summary>
    public readonly record struct Subtraction(
        uint Smoothing,
        uint OneMinusSmoothing,
        uint AlternateSmoothing,
        uint AlternateOneMinusSmoothing,
        uint MinSignalRemaining,
        int SmoothingBits,
        int Bits,
        bool Clamping);

    /// <summary>
    /// noise[i] follows x[i] exponentially (odd channels with the alternate coefficients);
    /// y[i] = max(x[i] − noise[i], x[i] · minimum). noise is state.
    /// </summary>
    public static void SpectralSubtraction(
        in Subtraction s, ReadOnlySpan<uint> x, Span<uint> noise, Span<uint> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            bool odd = (i & 1) != 0;
            uint smoothing = odd ? s.AlternateSmoothing : s.Smoothing;
            uint rest = odd ? s.AlternateOneMinusSmoothing : s.OneMinusSmoothing;
            uint signal = x[i] << s.SmoothingBits;
            noise[i] = (uint)((((ulong)signal * smoothing) + ((ulong)noise[i] * rest)) >> s.Bits);
            uint estimate = noise[i];
            if (estimate > signal)
            {
                estimate = signal;
                noise[i] = s.Clamping ? estimate : noise[i];
            }

            uint floor = (uint)(((ulong)x[i] * s.MinSignalRemaining) >> s.Bits);
            y[i] = Math.Max((signal - estimate) >> s.SmoothingBits, floor);
        }
    }

    /// <summary>
    /// y[i] = shrink(x[i] · gain(noise[i])): per-channel automatic gain. The gain is a piecewise
    /// quadratic over the binary logarithm of the noise, 4 table entries an octave.
    /// </summary>
    public static void Pcan(
        ReadOnlySpan<uint> x, ReadOnlySpan<uint> noise, ReadOnlySpan<short> gains, int snrShift,
        Span<uint> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            uint gain = (uint)Gain(noise[i], gains);
            uint snr = (uint)(((ulong)x[i] * gain) >> snrShift);
            y[i] = Shrink(snr);
        }
    }

    /// <summary>y[i] = min(ln(x[i] · 2^correctionBits) · scale, 32767); 0 where the argument is
    /// at most 1.</summary>
    public static void Log(
        ReadOnlySpan<uint> x, int correctionBits, uint scale, ReadOnlySpan<ushort> table,
        Span<short> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            uint scaled = x[i] << correctionBits;
            y[i] = scaled > 1
                ? (short)Math.Min(FixedLog.Ln(scaled, scale, table), (uint)short.MaxValue)
                : (short)0;
        }
    }

    static short Gain(uint x, ReadOnlySpan<short> gains)
    {
        if (x <= 2)
        {
            return gains[(int)x];
        }

        int octave = Width(x);
        ReadOnlySpan<short> entry = gains.Slice((4 * octave) - 6, 3);
        int fraction = (int)(octave < 11 ? x << (11 - octave) : x >> (octave - 11)) & 0x3FF;
        int value = (entry[2] * fraction) >> 5;
        value += entry[1] << 5;
        value *= fraction;
        value = (value + (1 << 14)) >> 15;
        return (short)(value + entry[0]);
    }

    // x²/4 below 2, x − 1 above: SnrBits fraction bits in, PcanOutputBits out.
    static uint Shrink(uint x) => x < 2u << SnrBits
        ? (x * x) >> (2 + (2 * SnrBits) - PcanOutputBits)
        : (x >> (SnrBits - PcanOutputBits)) - (1u << PcanOutputBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Width(uint x) => 32 - BitOperations.LeadingZeroCount(x);
}
