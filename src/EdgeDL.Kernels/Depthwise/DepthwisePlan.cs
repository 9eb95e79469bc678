using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// Scratch of a depthwise walk: the tap table and, where rows are expanded, a second table and the
/// expanded rows [taps][RowStride].
/// </summary>
readonly record struct DepthwisePlan(
    int Taps, bool IsExpanded, int RowStride, long TableBytes, long ScratchBytes)
{
    /// <summary>fp32 weights are read where they lie: only multipliers need expanding.</summary>
    public static DepthwisePlan F32(in ConvShape s) =>
        Of(s, s.OutChannels != s.InChannels, s.OutChannels, sizeof(float));

    /// <summary>Packed int8 blocks are <paramref name="columns"/> wide and never cut.</summary>
    public static DepthwisePlan S8(in ConvShape s, int columns) =>
        Of(
            s, s.OutChannels != s.InChannels || s.OutChannels < columns,
            Math.Max(s.OutChannels, columns), sizeof(byte));

    static DepthwisePlan Of(in ConvShape s, bool expanded, int stride, int elementBytes)
    {
        // One spare entry: pairwise kernels read an even number of taps.
        long table = (8L * (s.Taps + 1) + 63) & ~63L;
        long rows = expanded ? table + (long)s.Taps * stride * elementBytes : 0;
        return new(s.Taps, expanded, stride, table, table + rows);
    }
}
