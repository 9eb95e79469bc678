namespace EdgeDL.Kernels.Pool;

/// <summary>
/// Sizes of one 2-D pooling over NHWC numbers. Output row r = batch · OutputHeight + oy is the unit
/// in which work is split. Positions outside the input never count.
/// </summary>
public readonly record struct PoolShape(
    int Batch, int InputHeight, int InputWidth, int Channels,
    int OutputHeight, int OutputWidth,
    int KernelHeight, int KernelWidth,
    int StrideHeight, int StrideWidth,
    int PadTop, int PadLeft)
{
    public int OutputRows => Batch * OutputHeight;

    /// <summary>
    /// The part of the window of output row <paramref name="row"/> inside the input.
    /// </summary>
    internal (int Base, int Rows) Vertical(int row)
    {
        int batch = row / OutputHeight;
        int top = (row - batch * OutputHeight) * StrideHeight - PadTop;
        int first = Math.Clamp(top, 0, InputHeight);
        int last = Math.Clamp(top + KernelHeight, first, InputHeight);
        return ((batch * InputHeight + first) * InputWidth * Channels, last - first);
    }

    /// <summary>The part of the window of output column <paramref name="ox"/> inside.</summary>
    internal (int First, int Columns) Horizontal(int ox)
    {
        int left = ox * StrideWidth - PadLeft;
        int first = Math.Clamp(left, 0, InputWidth);
        int last = Math.Clamp(left + KernelWidth, first, InputWidth);
        return (first, last - first);
    }

    internal void Check(int inputLength, int outputLength, int begin, int end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(
            inputLength, Batch * InputHeight * InputWidth * Channels);
        ArgumentOutOfRangeException.ThrowIfLessThan(
            outputLength, OutputRows * OutputWidth * Channels);
        ArgumentOutOfRangeException.ThrowIfNegative(begin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, OutputRows);
    }
}
