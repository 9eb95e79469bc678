using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Kernels.Conv;

public static unsafe partial class ConvS8
{
    /// <summary>How the operands of a block of output rows lie in scratch.</summary>
    /// <remarks>
    /// Lines: the block's input lines, padded and converted once, of which every row reads a
    /// window; a tap is a line of the kernel. Otherwise each row's operands are gathered side by
    /// side, as one tap.
    /// </remarks>
    readonly record struct Plan
    {
        // What stays in the first-level cache beside a panel.
        const int BlockBytes = 24 * 1024;
        const int MinRows = 24;
        const int MaxTiles = 16;

        public required bool IsLines { get; init; }

        public required int Taps { get; init; }

        /// <summary>Values of a tap, padded to a multiple of KR.</summary>
        public required int Depth { get; init; }

        /// <summary>Bytes of a gathered row, or of a line.</summary>
        public required int RowBytes { get; init; }

        /// <summary>Output lines of a block; 1 if gathered.</summary>
        public required int Lines { get; init; }

        /// <summary>Most output rows of a block, whole tiles.</summary>
        public required int Rows { get; init; }

        public required long ScratchBytes { get; init; }

        public int PackedDepth => Taps * Depth;

        public long TapBytes => Aligned(8L * Taps);

        public long PointerBytes => Aligned(8L * Rows);

        public long OffsetBytes => Aligned(4L * Rows);

        public static Plan Of(in ConvShape s, int tileRows, int group, bool isWide)
        {
            bool isLines = s.HasContiguousWidth && s.Taps > 1 && s.KernelDepth == 1
                && s.InDepth == 1 && s.OutDepth == 1;
            int elementBytes = isWide ? 2 : 1;
            int taps = isLines ? s.KernelHeight : 1;
            int depth = GemmS8.PaddedDepth(s.Depth / taps, group);
            int lines = 1, rows, rowBytes;
            long bufferLines;
            if (isLines)
            {
                // The last window of a line reads up to its tap's padded depth.
                long values = (s.OutWidth - 1L) * s.StrideWidth * s.InChannels + depth;
                rowBytes = checked((int)(values * elementBytes));
                long fit = (BlockBytes / rowBytes - Span(s, 1)) / s.StrideHeight + 1;
                int least = (MinRows + s.OutWidth - 1) / s.OutWidth;
                lines = (int)Math.Clamp(Math.Max(fit, least), 1, s.OutHeight);
                rows = RoundUp(lines * s.OutWidth, tileRows);
                bufferLines = Span(s, lines);
            }
            else
            {
                rowBytes = depth * elementBytes;
                long tiles = Math.Clamp(BlockBytes / ((long)tileRows * rowBytes), 1, MaxTiles);
                rows = (int)tiles * tileRows;
                bufferLines = rows;
            }
            var plan = new Plan
            {
                IsLines = isLines,
                Taps = taps,
                Depth = depth,
                RowBytes = rowBytes,
                Lines = lines,
                Rows = rows,
                ScratchBytes = 0,
            };
            return plan with
            {
                ScratchBytes = plan.TapBytes + plan.PointerBytes + plan.OffsetBytes
                    + Aligned(bufferLines * rowBytes),
            };
        }

        /// <summary>Input lines under so many output lines.</summary>
        public static long Span(in ConvShape s, int lines) =>
            (lines - 1L) * s.StrideHeight + (s.KernelHeight - 1L) * s.DilationHeight + 1;

        static int RoundUp(int count, int unit) => (count + unit - 1) / unit * unit;

        static long Aligned(long bytes) => (bytes + 63) & ~63L;
    }
}
