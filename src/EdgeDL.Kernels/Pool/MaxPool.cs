using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Pool;

/// <summary>
/// y = clamp(max over the window of x, lo, hi), a channel at a time. NaN anywhere in a window gives
/// NaN. A window without a pixel gives the clamped smallest number.
/// </summary>
public static unsafe class MaxPool
{
    /// <summary>Output rows begin to end − 1 of the pooling; x and y must not overlap.</summary>
    public delegate void Function<T>(
        in PoolShape shape, ReadOnlySpan<T> x, Span<T> y, T lo, T hi, int begin, int end)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    public static KernelRow<Function<T>>[] Rows<T>()
        where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Vec128),
        new("scalar", true, Scalar),
    ];

    static void Vec128<T>(
        in PoolShape shape, ReadOnlySpan<T> x, Span<T> y, T lo, T hi, int begin, int end)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
        PoolLoop.Vec128(new Maximum<T>(lo, hi), shape, x, y, begin, end);

    static void Scalar<T>(
        in PoolShape shape, ReadOnlySpan<T> x, Span<T> y, T lo, T hi, int begin, int end)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
        PoolLoop.Scalar(new Maximum<T>(lo, hi), shape, x, y, begin, end);

    readonly struct Maximum<T>(T lo, T hi) : IPooling<Maximum<T>, T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        public T Scalar(in PoolWindow<T> window, int channel)
        {
            T best = T.MinValue;
            T* row = window.First + channel;
            for (int ky = 0; ky < window.Rows; ky++, row += window.RowStride)
            {
                T* pixel = row;
                for (int kx = 0; kx < window.Columns; kx++, pixel += window.Channels)
                {
                    best = T.Max(best, *pixel);
                }
            }
            return T.Min(T.Max(best, lo), hi);
        }

        public Vector128<T> Lanes(in PoolWindow<T> window, int channel)
        {
            Vector128<T> best = Vector128.Create(T.MinValue);
            T* row = window.First + channel;
            for (int ky = 0; ky < window.Rows; ky++, row += window.RowStride)
            {
                T* pixel = row;
                for (int kx = 0; kx < window.Columns; kx++, pixel += window.Channels)
                {
                    best = Vector128.Max(best, Vector128.Load(pixel));
                }
            }
            return Vector128.Min(
                Vector128.Max(best, Vector128.Create(lo)), Vector128.Create(hi));
        }
    }
}
