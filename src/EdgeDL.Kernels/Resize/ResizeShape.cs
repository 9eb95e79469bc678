namespace EdgeDL.Kernels.Resize;

/// <summary>Where output positions lie in the input.</summary>
public enum ResizeGrid : byte
{
    /// <summary>in = out · (inSize / outSize): corners of pixels coincide at 0.</summary>
    Legacy = 0,

    /// <summary>in = out · (inSize − 1) / (outSize − 1): first and last pixels coincide.</summary>
    AlignCorners = 1,

    /// <summary>in = (out + ½) · (inSize / outSize) − ½: pixels are areas.</summary>
    HalfPixelCenters = 2,
}

/// <summary>
/// Sizes of a 2-D resize over NHWC numbers. Output row r = batch · OutputHeight + oy is the unit in
/// which work is split.
/// </summary>
public readonly record struct ResizeShape(
    int Batch, int InputHeight, int InputWidth, int Channels, int OutputHeight, int OutputWidth)
{
    public int OutputRows => Batch * OutputHeight;

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

/// <summary>
/// One output position along one axis: two neighbours and the weight of the second.
/// </summary>
public readonly record struct Tap(int First, int Second, float Weight)
{
    /// <summary>The weight in 1/2048, rounded to even.</summary>
    public int WeightQ11 => (int)MathF.Round(Weight * 2048f);
}

/// <summary>Positions along one axis.</summary>
public static class ResizeAxis
{
    /// <summary>taps[o] for every output position, in float as XNNPACK computes them.</summary>
    public static void Linear(int inputSize, int outputSize, ResizeGrid grid, Span<Tap> taps)
    {
        int corner = grid == ResizeGrid.AlignCorners && outputSize != 1 ? 1 : 0;
        float scale = (float)(inputSize - corner) / (outputSize - corner);
        float offset = grid == ResizeGrid.HalfPixelCenters ? 0.5f * scale - 0.5f : 0;
        int last = inputSize - 1;
        for (int o = 0; o < outputSize; o++)
        {
            float at = o * scale + offset;
            at = MathF.Min(MathF.Max(at, 0), last);
            int first = (int)at;
            taps[o] = new Tap(first, Math.Min(first + 1, last), at - first);
        }
    }

    /// <summary>
    /// taps[o] of TensorFlow Lite's integer reference, whose positions are multiples of 1/1024.
    /// </summary>
    public static void LinearQ10(int inputSize, int outputSize, ResizeGrid grid, Span<Tap> taps)
    {
        int scale = grid == ResizeGrid.AlignCorners && outputSize > 1
            ? (int)((1024L * (inputSize - 1) + (outputSize - 1) / 2) / (outputSize - 1))
            : (int)((1024L * inputSize + outputSize / 2) / outputSize);
        for (int o = 0; o < outputSize; o++)
        {
            long at = (long)o * scale;
            at += grid == ResizeGrid.HalfPixelCenters ? scale / 2 - 512 : 0;
            // Divisions truncate: positions left of the first pixel get a weight below 0.
            int first = (int)Math.Clamp(at / 1024, 0, inputSize - 1);
            int second = (int)Math.Clamp((at + 1023) / 1024, 0, inputSize - 1);
            taps[o] = new Tap(first, second, (at - 1024L * first) / 1024f);
        }
    }

    /// <summary>indices[o] of the nearest input position, as TensorFlow Lite computes it.</summary>
    public static void Nearest(
        int inputSize, int outputSize, bool alignCorners, bool halfPixelCenters,
        Span<int> indices)
    {
        bool corners = alignCorners && outputSize > 1;
        float scale = corners
            ? (inputSize - 1) / (float)(outputSize - 1)
            : inputSize / (float)outputSize;
        float offset = halfPixelCenters ? 0.5f : 0f;
        for (int o = 0; o < outputSize; o++)
        {
            float at = (o + offset) * scale;
            float rounded = alignCorners
                ? MathF.Round(at, MidpointRounding.AwayFromZero)
                : MathF.Floor(at);
            indices[o] = Math.Clamp((int)rounded, 0, inputSize - 1);
        }
    }
}
