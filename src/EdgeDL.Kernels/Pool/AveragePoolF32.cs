using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Pool;

/// <summary>
/// y = clamp((Σ over the window of x) · (1 / count), lo, hi), where count is the number of pixels
/// of the window inside the input. A window without a pixel gives clamp(0).
/// </summary>
public static unsafe class AveragePoolF32
{
    /// <summary>Output rows begin to end − 1 of the pooling; x and y must not overlap.</summary>
    public delegate void Function(
        in PoolShape shape, ReadOnlySpan<float> x, Span<float> y, float lo, float hi,
        int begin, int end);

    public static KernelRow<Function>[] Rows() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Vec128),
        new("scalar", true, Scalar),
    ];

    static void Vec128(
        in PoolShape shape, ReadOnlySpan<float> x, Span<float> y, float lo, float hi,
        int begin, int end) =>
        PoolLoop.Vec128(new Average(lo, hi), shape, x, y, begin, end);

    static void Scalar(
        in PoolShape shape, ReadOnlySpan<float> x, Span<float> y, float lo, float hi,
        int begin, int end) =>
        PoolLoop.Scalar(new Average(lo, hi), shape, x, y, begin, end);

    readonly struct Average(float lo, float hi) : IPooling<Average, float>
    {
        public float Scalar(in PoolWindow<float> window, int channel)
        {
            float sum = 0;
            float* row = window.First + channel;
            for (int ky = 0; ky < window.Rows; ky++, row += window.RowStride)
            {
                float* pixel = row;
                for (int kx = 0; kx < window.Columns; kx++, pixel += window.Channels)
                {
                    sum += *pixel;
                }
            }
            return MathF.Min(MathF.Max(sum * (1f / Math.Max(window.Count, 1)), lo), hi);
        }

        public Vector128<float> Lanes(in PoolWindow<float> window, int channel)
        {
            Vector128<float> sum = Vector128<float>.Zero;
            float* row = window.First + channel;
            for (int ky = 0; ky < window.Rows; ky++, row += window.RowStride)
            {
                float* pixel = row;
                for (int kx = 0; kx < window.Columns; kx++, pixel += window.Channels)
                {
                    sum += Vector128.Load(pixel);
                }
            }
            Vector128<float> mean = sum * (1f / Math.Max(window.Count, 1));
            return Vector128.Min(
                Vector128.Max(mean, Vector128.Create(lo)), Vector128.Create(hi));
        }
    }
}
