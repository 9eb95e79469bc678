using System.Numerics;

namespace EdgeDL.Kernels.Signal;

/// <summary>
/// ln x in integers: the exponent from the highest bit, the mantissa m in [1, 2) from a table of
/// log₂ m − (m − 1) at 128 segments, 16 fraction bits. The slope inside a segment is shifted by 16
/// rather than by the segment's 9 bits; that is part of the meaning (TFLM signal library).
/// </summary>
public static class FixedLog
{
    const int ScaleBits = 16;
    const int SegmentBits = 7;
    const int Segments = 1 << SegmentBits;
    const uint Half = 1u << (ScaleBits - 1);

    // ln 2 · 2¹⁶.
    const ulong Ln2 = 45426;

    /// <summary>Entries of the table.</summary>
    public const int TableLength = Segments + 1;

    /// <summary>Fills the table that <see cref="Ln"/> needs.</summary>
    public static void FillTable(Span<ushort> table)
    {
        for (int i = 0; i < TableLength; i++)
        {
            double fraction = (double)i / Segments;
            double bow = Math.Log2(1 + fraction) - fraction;
            table[i] = (ushort)Math.Round(bow * (1 << ScaleBits));
        }
    }

    /// <summary>round(ln x · scale) for x ≥ 1; wraps where that needs more than 32 bits before
    /// its last shift.</summary>
    public static uint Ln(uint x, uint scale, ReadOnlySpan<ushort> table)
    {
        int exponent = BitOperations.Log2(x);
        uint log2 = ((uint)exponent << ScaleBits) + Log2OfMantissa(x, exponent, table);
        uint ln = (uint)(((Ln2 * log2) + Half) >> ScaleBits);
        return ((scale * ln) + Half) >> ScaleBits;
    }

    static uint Log2OfMantissa(uint x, int exponent, ReadOnlySpan<ushort> table)
    {
        int fraction = (int)(x - (1u << exponent));
        fraction = exponent < ScaleBits
            ? fraction << (ScaleBits - exponent)
            : fraction >> (exponent - ScaleBits);
        int segment = fraction >> (ScaleBits - SegmentBits);
        int low = table[segment];
        int rise = table[segment + 1] - low;
        int into = fraction - (segment << (ScaleBits - SegmentBits));
        return (uint)(fraction + low + ((rise * into) >> ScaleBits));
    }
}
