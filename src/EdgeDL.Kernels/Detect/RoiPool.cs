namespace EdgeDL.Kernels.Detect;

/// <summary>
/// The maxima of a region's bins (Girshick 2015, Fast R-CNN): its corners are whole pixels, a bin
/// holds every pixel that it touches, an empty bin gives 0.
/// </summary>
public static unsafe class RoiPool
{
    /// <summary>y[r, c, ·] of one region of a picture [height, width, channels].</summary>
    public static void Run(
        in Box corners, int rows, int columns, float* x, int height, int width, int channels,
        float* y)
    {
        for (int r = 0; r < rows; r++)
        {
            (int top, int bottom) = Bin(corners.YMin, corners.YMax, rows, r, height);
            for (int c = 0; c < columns; c++, y += channels)
            {
                (int left, int right) = Bin(corners.XMin, corners.XMax, columns, c, width);
                var most = new Span<float>(y, channels);
                most.Fill(top < bottom && left < right ? float.MinValue : 0);
                for (int v = top; v < bottom; v++)
                {
                    for (int h = left; h < right; h++)
                    {
                        float* pixel = x + ((nint)v * width + h) * channels;
                        for (int i = 0; i < channels; i++)
                        {
                            y[i] = MathF.Max(y[i], pixel[i]);
                        }
                    }
                }
            }
        }
    }

    static (int Begin, int End) Bin(float first, float last, int bins, int bin, int size)
    {
        float start = MathF.Round(first, MidpointRounding.AwayFromZero);
        float end = MathF.Round(last, MidpointRounding.AwayFromZero);
        float extent = MathF.Max(end - start + 1, 1) / bins;
        return (
            Inside(MathF.Floor(bin * extent) + start, size),
            Inside(MathF.Ceiling((bin + 1) * extent) + start, size));
    }

    // NaN is 0.
    static int Inside(float at, int size) => at >= 0 ? (int)MathF.Min(at, size) : 0;
}
