using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Conv;

/// <summary>How the operands of a block of output rows lie.</summary>
/// <remarks>
/// Direct: the rows of the product lie in the input. Lines: the block's input lines, padded
/// and converted once, of which every row reads a window; a tap is a line of the kernel. Otherwise
/// each row's operands are gathered side by side, as one tap.
/// </remarks>
readonly record struct ConvPlan
{
    // What stays in the first-level cache beside a panel.
    const int BlockBytes = 24 * 1024;
    const int MinRows = 24;
    const int MaxTiles = 16;

    // Beyond it, and never in a sound model, windows are gathered one by one.
    const double MaxLineBytes = 1 << 28;

    public required bool IsDirect { get; init; }

    public required bool IsLines { get; init; }

    public required int Taps { get; init; }

    /// <summary>Values of a tap that count.</summary>
    public required int TapDepth { get; init; }

    /// <summary>Values of a tap, padded to whole groups.</summary>
    public required int Depth { get; init; }

    /// <summary>Bytes of a gathered row, or of a line.</summary>
    public required int RowBytes { get; init; }

    /// <summary>Output lines of a block; 1 if not of lines.</summary>
    public required int Lines { get; init; }

    /// <summary>Most output rows of a block, whole tiles.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows of a register tile.</summary>
    public required int TileRows { get; init; }

    public required long BufferBytes { get; init; }

    public int PackedDepth => Taps * Depth;

    public long TapBytes => Aligned(8L * Taps);

    public long PointerBytes => Aligned(8L * Rows);

    public long OffsetBytes => Aligned(4L * Rows);

    /// <summary>For one thread, 64-byte aligned.</summary>
    public long ScratchBytes => TapBytes + PointerBytes + OffsetBytes + Aligned(BufferBytes);

    /// <param name="s">The convolution.</param>
    /// <param name="tileRows">Rows of a register tile.</param>
    /// <param name="group">Depths that the tile takes together.</param>
    /// <param name="elementBytes">Of a converted value.</param>
    /// <param name="isConverted">Values change on their way, so that nothing is direct.</param>
    public static ConvPlan Of(
        in ConvShape s, int tileRows, int group, int elementBytes, bool isConverted)
    {
        double lineBytes =
            ((s.OutWidth - 1.0) * s.StrideWidth + s.KernelWidth) * s.InChannels * elementBytes;
        bool isLines = s.HasContiguousWidth && s.Taps > 1 && s.KernelDepth == 1 && s.InDepth == 1
            && s.OutDepth == 1 && s.PadFront == 0 && lineBytes * Span(s, 1) < MaxLineBytes;
        int taps = isLines ? s.KernelHeight : 1;
        int tapDepth = s.Depth / taps;
        int depth = (tapDepth + group - 1) / group * group;
        bool isDirect = s.IsOneTapInside && !isConverted && depth == tapDepth;
        int lines = 1, rows, rowBytes;
        long bufferLines;
        if (isLines)
        {
            // The last window of a line reads up to its tap's padded depth.
            int values = (s.OutWidth - 1) * s.StrideWidth * s.InChannels + depth;
            rowBytes = values * elementBytes;
            long fit = (BlockBytes / rowBytes - Span(s, 1)) / s.StrideHeight + 1;
            int least = (MinRows + s.OutWidth - 1) / s.OutWidth;
            lines = (int)Math.Clamp(Math.Max(fit, least), 1, s.OutHeight);
            rows = RoundUp(lines * s.OutWidth, tileRows);
            bufferLines = Span(s, lines);
        }
        else
        {
            rowBytes = checked(depth * elementBytes);
            long tiles = Math.Clamp(BlockBytes / ((long)tileRows * rowBytes), 1, MaxTiles);
            rows = (int)Math.Min(tiles, (s.Rows + tileRows - 1L) / tileRows) * tileRows;
            bufferLines = isDirect ? 0 : Math.Min(rows, s.Rows);
        }
        return new ConvPlan
        {
            IsDirect = isDirect,
            IsLines = isLines,
            Taps = taps,
            TapDepth = tapDepth,
            Depth = depth,
            RowBytes = rowBytes,
            Lines = lines,
            Rows = rows,
            TileRows = tileRows,
            BufferBytes = bufferLines * rowBytes,
        };
    }

    /// <summary>Input lines under so many output lines.</summary>
    public static long Span(in ConvShape s, int lines) =>
        (lines - 1L) * s.StrideHeight + (s.KernelHeight - 1L) * s.DilationHeight + 1;

    static int RoundUp(int count, int unit) => (count + unit - 1) / unit * unit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static long Aligned(long bytes) => (bytes + 63) & ~63L;
}
