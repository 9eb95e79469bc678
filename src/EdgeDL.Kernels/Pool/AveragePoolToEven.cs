using System.Numerics;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Pool;

/// <summary>Between which quantizations an average is taken, and its clamp.</summary>
public readonly record struct AverageScales(
    float ScaleX, int ZeroX, float ScaleY, int ZeroY, int Lo, int Hi);

/// <summary>
/// y = clamp(roundEven(Σ over the window of (x − zeroX) · scaleX / (scaleY · count)) + zeroY, lo,
/// hi): the sum in integers, then one rounding. Count is the number of pixels of the window inside
/// the input; a window without a pixel gives clamp(zeroY).
/// </summary>
public static class AveragePoolToEven
{
    /// <summary>Output rows begin to end − 1 of the pooling; x and y must not overlap.</summary>
    public static void Run<T>(
        in PoolShape shape, ReadOnlySpan<T> x, Span<T> y, in AverageScales scales, int begin,
        int end)
        where T : unmanaged, IBinaryInteger<T> =>
        PoolLoop.Scalar(new Average<T>(scales), shape, x, y, begin, end);

    readonly struct Average<T>(AverageScales s) : IPooling<Average<T>, T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Scalar(in PoolWindow<T> window, int channel)
        {
            int count = Math.Max(window.Count, 1);
            int sum = AveragePoolInteger.Sum(window, channel) - (window.Count * s.ZeroX);
            double steps = new Ratio(s.ScaleX, (double)s.ScaleY * count).Times(sum);
            double value = Math.Clamp(Math.Round(steps) + s.ZeroY, s.Lo, s.Hi);
            return T.CreateTruncating((int)value);
        }

        public Vector128<T> Lanes(in PoolWindow<T> window, int channel) =>
            throw new NotSupportedException("this pooling has only the scalar row");
    }
}
