namespace EdgeDL.Kernels.Resize;

/// <summary>
/// y[oy, ox] = x[rows[oy], columns[ox]]: pixels of <c>pixelBytes</c> bytes are copied.
/// </summary>
public static class NearestResize
{
    /// <summary>
    /// Output rows begin to end − 1; the shape's channels are the bytes of a pixel. x and y must
    /// not overlap.
    /// </summary>
    public static void Run(
        in ResizeShape shape, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns,
        ReadOnlySpan<byte> x, Span<byte> y, int begin, int end)
    {
        shape.Check(x.Length, y.Length, begin, end);
        int pixel = shape.Channels;
        for (int r = begin; r < end; r++)
        {
            int batch = r / shape.OutputHeight;
            int row = batch * shape.InputHeight + rows[r - batch * shape.OutputHeight];
            ReadOnlySpan<byte> from = x.Slice(
                row * shape.InputWidth * pixel, shape.InputWidth * pixel);
            Span<byte> to = y.Slice(r * shape.OutputWidth * pixel, shape.OutputWidth * pixel);
            for (int ox = 0; ox < shape.OutputWidth; ox++)
            {
                from.Slice(columns[ox] * pixel, pixel).CopyTo(to[(ox * pixel)..]);
            }
        }
    }
}
