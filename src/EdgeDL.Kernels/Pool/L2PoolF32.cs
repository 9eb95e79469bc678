using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Pool;

/// <summary>
/// y = clamp(√(Σ over the window of x² / count), lo, hi), where count is the number of pixels of
/// the window inside the input. A window without a pixel gives clamp(0).
/// </summary>
public static unsafe class L2PoolF32
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
        PoolLoop.Vec128(new RootMeanSquare(lo, hi), shape, x, y, begin, end);

    static void Scalar(
        in PoolShape shape, ReadOnlySpan<float> x, Span<float> y, float lo, float hi,
        int begin, int end) =>
        PoolLoop.Scalar(new RootMeanSquare(lo, hi), shape, x, y, begin, end);

    readonly struct RootMeanSquare(float lo, float hi) : IPooling<RootMeanSquare, float>
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
                    sum += *pixel * *pixel;
                }
            }
            float root = MathF.Sqrt(sum / Math.Max(window.Count, 1));
            return MathF.Min(MathF.Max(root, lo), hi);
        }

        public Vector128<float> Lanes(
            in PoolWindow<float> window, int channel)
        {
            var sum = Vector128<float>.Zero;
            float* row = window.First + channel;
            for (int ky = 0; ky < window.Rows; ky++, row += window.RowStride)
            {
                float* pixel = row;
                for (int kx = 0; kx < window.Columns; kx++, pixel += window.Channels)
                {
                    var value = Vector128.Load(pixel);
                    sum += value * value;
                }
            }
            var root = Vector128.Sqrt(
                sum / Vector128.Create((float)Math.Max(window.Count, 1)));
            return Vector128.Min(
                Vector128.Max(
                    root, Vector128.Create(lo)),
                Vector128.Create(hi));
        }
    }
}
