namespace EdgeDL.Kernels.Detect;

/// <summary>
/// A region of a picture in pixels: its corner and the extents of its bins, NHWC.
/// </summary>
public readonly record struct RoiBins(
    float Top, float Left, float BinHeight, float BinWidth, int Rows, int Columns);

/// <summary>
/// Bins of a region from bilinear samples (He et al. 2017, Mask R-CNN): samples × samples in each
/// bin, or as many as it has pixels. Samples more than a pixel outside are 0.
/// </summary>
public static unsafe class RoiAlign
{
    /// <summary>The most samples that may be asked for along one side of a bin.</summary>
    public const int MostSamples = 4096;

    /// <summary>y[r, c, ·] = the mean of bin (r, c)'s samples.</summary>
    public static void Mean(
        in RoiBins bins, int samples, float* x, int height, int width, int channels, float* y) =>
        Run(bins, samples, x, height, width, channels, y, isMaximum: false);

    /// <summary>
    /// y[r, c, ·] = the largest of weight · pixel over bin (r, c)'s samples, as ONNX Runtime
    /// defines it: the four parts of a sample are not added.
    /// </summary>
    public static void Max(
        in RoiBins bins, int samples, float* x, int height, int width, int channels, float* y) =>
        Run(bins, samples, x, height, width, channels, y, isMaximum: true);

    static void Run(
        in RoiBins bins, int samples, float* x, int height, int width, int channels, float* y,
        bool isMaximum)
    {
        float rows = samples > 0 ? samples : MathF.Max(MathF.Ceiling(bins.BinHeight), 0);
        float columns = samples > 0 ? samples : MathF.Max(MathF.Ceiling(bins.BinWidth), 0);
        for (int bin = 0; bin < bins.Rows * bins.Columns; bin++, y += channels)
        {
            (int r, int c) = Math.DivRem(bin, bins.Columns);
            var vertical = new Line(bins.Top + r * bins.BinHeight, bins.BinHeight, rows, height);
            var horizontal =
                new Line(bins.Left + c * bins.BinWidth, bins.BinWidth, columns, width);
            bool isFirst = true;
            new Span<float>(y, channels).Clear();
            for (long v = vertical.First; v < vertical.End; v++)
            {
                Pair row = vertical.At(v);
                for (long h = horizontal.First; h < horizontal.End; h++)
                {
                    Pair column = horizontal.At(h);
                    float* top = x + (nint)row.Low * width * channels;
                    float* bottom = x + (nint)row.High * width * channels;
                    var quad = new Quad(
                        top + (nint)column.Low * channels, top + (nint)column.High * channels,
                        bottom + (nint)column.Low * channels,
                        bottom + (nint)column.High * channels, row.Weight, column.Weight);
                    if (isMaximum)
                    {
                        quad.Largest(y, channels, isFirst);
                        isFirst = false;
                    }
                    else
                    {
                        quad.AddTo(y, channels);
                    }
                }
            }

            bool hasOutside = vertical.HasOutside || horizontal.HasOutside;
            Finish(y, channels, isMaximum ? 1 : MathF.Max(rows * columns, 1),
                isMaximum && hasOutside && !isFirst);
        }
    }

    static void Finish(float* y, int channels, float count, bool hasZero)
    {
        for (int c = 0; c < channels; c++)
        {
            y[c] = hasZero ? MathF.Max(y[c], 0) : y[c] / count;
        }
    }

    /// <summary>Neighbours of a sample along one axis, and the weight of the second.</summary>
    readonly record struct Pair(int Low, int High, float Weight);

    /// <summary>
    /// The samples of a bin along one axis. Only those in the picture are walked: a region may be
    /// as large as its coordinates say.
    /// </summary>
    readonly struct Line
    {
        readonly float start;
        readonly float step;
        readonly int size;

        public Line(float start, float extent, float count, int size)
        {
            this.size = size;
            step = extent / count;
            this.start = start + 0.5f * step;
            // Positions in [−1, size]: one more on either side is tested sample by sample.
            double low = Math.Floor((-1 - (double)this.start) / step);
            double high = Math.Ceiling((size - (double)this.start) / step) + 1;
            bool isUseful = step > 0 && float.IsFinite(step) && float.IsFinite(start);
            First = isUseful ? (long)Math.Clamp(low, 0, count) : 0;
            // A region without extent, or turned inside out, has as many samples as were asked for.
            End = isUseful ? (long)Math.Clamp(high, First, count)
                : count is > 0 and <= MostSamples ? (long)count : 0;
            while (First < End && !IsInside(First))
            {
                First++;
            }

            while (End > First && !IsInside(End - 1))
            {
                End--;
            }

            HasOutside = End - First < count;
        }

        public long First { get; }

        public long End { get; }

        public bool HasOutside { get; }

        bool IsInside(long i) => Position(i) >= -1 && Position(i) <= size;

        float Position(long i) => start + i * step;

        public Pair At(long i)
        {
            float at = MathF.Max(Position(i), 0);
            int low = (int)at;
            return low >= size - 1 ? new(size - 1, size - 1, 0) : new(low, low + 1, at - low);
        }
    }

    readonly struct Quad(
        float* topLeft, float* topRight, float* bottomLeft, float* bottomRight, float down,
        float right)
    {
        public void AddTo(float* y, int channels)
        {
            (float a, float b, float c, float d) = Weights;
            for (int i = 0; i < channels; i++)
            {
                y[i] += a * topLeft[i] + b * topRight[i] + c * bottomLeft[i] + d * bottomRight[i];
            }
        }

        public void Largest(float* y, int channels, bool isFirst)
        {
            (float a, float b, float c, float d) = Weights;
            for (int i = 0; i < channels; i++)
            {
                float most = MathF.Max(
                    MathF.Max(a * topLeft[i], b * topRight[i]),
                    MathF.Max(c * bottomLeft[i], d * bottomRight[i]));
                y[i] = isFirst ? most : MathF.Max(y[i], most);
            }
        }

        (float, float, float, float) Weights =>
            ((1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right);
    }
}
