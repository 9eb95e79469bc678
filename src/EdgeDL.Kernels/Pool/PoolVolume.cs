namespace EdgeDL.Kernels.Pool;

/// <summary>
/// One axis of a pooling: window k of output o lies at o · Stride − PadBefore + k · Dilation.
/// </summary>
public readonly record struct PoolExtent(
    int Input, int Output, int Kernel, int Stride, int Dilation, int PadBefore, int PadAfter)
{
    /// <summary>An axis that pools nothing.</summary>
    public static PoolExtent Unit => new(1, 1, 1, 1, 1, 0, 0);

    /// <summary>Where in the input output o's window starts, and how much of it is
    /// inside.</summary>
    internal (int First, int Count) Inside(int o)
    {
        long at = (long)o * Stride - PadBefore;
        long skipped = at < 0 ? (-at + Dilation - 1) / Dilation : 0;
        long first = at + skipped * Dilation;
        long count = Math.Min(Kernel - skipped, Fitting(Input - first));
        return count > 0 ? ((int)first, (int)count) : (0, 0);
    }

    /// <summary>How much of output o's window is in the input or its padding.</summary>
    internal long Counted(int o) =>
        Math.Min(Kernel, Fitting((long)Input + PadAfter + PadBefore - (long)o * Stride));

    // Steps of the dilation that start in a stretch of that length.
    long Fitting(long length) => length > 0 ? (length - 1) / Dilation + 1 : 0;
}

/// <summary>
/// Sizes of a pooling over NDHWC numbers; fewer axes have units in front. Output row r =
/// (batch · depth + z) · height + y is the unit in which work is split.
/// </summary>
public readonly record struct PoolVolume(
    int Batch, int Channels, PoolExtent Depth, PoolExtent Height, PoolExtent Width)
{
    public int OutputRows => Batch * Depth.Output * Height.Output;

    internal void Check(int inputLength, int outputLength, int begin, int end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(
            inputLength, Batch * Depth.Input * Height.Input * Width.Input * Channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(
            outputLength, OutputRows * Width.Output * Channels);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, OutputRows);
    }
}
