using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Pool;

/// <summary>
/// Pooling over windows with dilations and any padding: the pixels of a window are accumulated in
/// the output, a pixel's channels at a time.
/// </summary>
public static unsafe class PoolNd
{
    /// <summary>y = max over the window; NaN wins. No pixel gives the smallest number.</summary>
    public static void Max<T>(
        in PoolVolume volume, ReadOnlySpan<T> x, Span<T> y, int begin, int end)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
        Run(default(Maximum<T>), volume, x, y, begin, end);

    /// <summary>
    /// y = Σ over the window / its pixels inside the input; no pixel gives 0.
    /// </summary>
    public static void Average(
        in PoolVolume volume, ReadOnlySpan<float> x, Span<float> y, int begin, int end) =>
        Run(default(MeanInside), volume, x, y, begin, end);

    /// <summary>y = Σ over the window / its pixels inside input or padding.</summary>
    public static void AverageWithPadding(
        in PoolVolume volume, ReadOnlySpan<float> x, Span<float> y, int begin, int end) =>
        Run(default(MeanCounted), volume, x, y, begin, end);

    /// <summary>y = (Σ over the window of |x|ᵖ)^(1/p), p &gt; 0.</summary>
    public static void Norm(
        in PoolVolume volume, float power, ReadOnlySpan<float> x, Span<float> y, int begin,
        int end) =>
        Run(new PowerNorm(power), volume, x, y, begin, end);

    interface IAccumulator<T>
        where T : unmanaged
    {
        T Start { get; }

        /// <summary>One pixel joins its window.</summary>
        void Add(T* x, T* y, int channels);

        void Finish(T* y, int channels, long inside, long counted);
    }

    static void Run<T, TAccumulator>(
        TAccumulator accumulator, in PoolVolume v, ReadOnlySpan<T> x, Span<T> y, int begin,
        int end)
        where T : unmanaged
        where TAccumulator : struct, IAccumulator<T>
    {
        v.Check(x.Length, y.Length, begin, end);
        int channels = v.Channels;
        fixed (T* input = x, output = y)
        {
            T* target = output + (nint)begin * v.Width.Output * channels;
            for (int row = begin; row < end; row++)
            {
                (int rest, int oy) = Math.DivRem(row, v.Height.Output);
                (int batch, int oz) = Math.DivRem(rest, v.Depth.Output);
                (int z, int depths) = v.Depth.Inside(oz);
                (int top, int rows) = v.Height.Inside(oy);
                long counted = v.Depth.Counted(oz) * v.Height.Counted(oy);
                for (int ox = 0; ox < v.Width.Output; ox++, target += channels)
                {
                    (int left, int columns) = v.Width.Inside(ox);
                    new Span<T>(target, channels).Fill(accumulator.Start);
                    for (int i = 0; i < depths * rows; i++)
                    {
                        int plane = z + i / rows * v.Depth.Dilation;
                        int line = top + i % rows * v.Height.Dilation;
                        T* from = input + ((((nint)batch * v.Depth.Input + plane)
                            * v.Height.Input + line) * v.Width.Input + left) * channels;
                        nint step = (nint)v.Width.Dilation * channels;
                        for (int k = 0; k < columns; k++)
                        {
                            accumulator.Add(from + k * step, target, channels);
                        }
                    }

                    accumulator.Finish(
                        target, channels, (long)depths * rows * columns,
                        counted * v.Width.Counted(ox));
                }
            }
        }
    }

    readonly struct Maximum<T> : IAccumulator<T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        public T Start => T.MinValue;

        public void Add(T* x, T* y, int channels)
        {
            int c = 0;
            for (; c <= channels - Vector128<T>.Count; c += Vector128<T>.Count)
            {
                Vector128.Max(Vector128.Load(x + c), Vector128.Load(y + c)).Store(y + c);
            }

            for (; c < channels; c++)
            {
                y[c] = T.Max(x[c], y[c]);
            }
        }

        public void Finish(T* y, int channels, long inside, long counted)
        {
        }
    }

    readonly struct MeanInside : IAccumulator<float>
    {
        public float Start => 0;

        public void Add(float* x, float* y, int channels) => Sum(x, y, channels);

        public void Finish(float* y, int channels, long inside, long counted) =>
            Scale(y, channels, 1f / Math.Max(inside, 1));
    }

    readonly struct MeanCounted : IAccumulator<float>
    {
        public float Start => 0;

        public void Add(float* x, float* y, int channels) => Sum(x, y, channels);

        public void Finish(float* y, int channels, long inside, long counted) =>
            Scale(y, channels, 1f / Math.Max(counted, 1));
    }

    static void Sum(float* x, float* y, int channels)
    {
        int c = 0;
        for (; c <= channels - 4; c += 4)
        {
            (Vector128.Load(y + c) + Vector128.Load(x + c)).Store(y + c);
        }

        for (; c < channels; c++)
        {
            y[c] += x[c];
        }
    }

    static void Scale(float* y, int channels, float factor)
    {
        for (int c = 0; c < channels; c++)
        {
            y[c] *= factor;
        }
    }

    readonly struct PowerNorm(float power) : IAccumulator<float>
    {
        public float Start => 0;

        public void Add(float* x, float* y, int channels)
        {
            for (int c = 0; c < channels; c++)
            {
                float size = MathF.Abs(x[c]);
                y[c] += power == 2 ? size * size : power == 1 ? size : MathF.Pow(size, power);
            }
        }

        public void Finish(float* y, int channels, long inside, long counted)
        {
            for (int c = 0; c < channels; c++)
            {
                y[c] = power == 2 ? MathF.Sqrt(y[c])
                    : power == 1 ? y[c] : MathF.Pow(y[c], 1 / power);
            }
        }
    }
}
