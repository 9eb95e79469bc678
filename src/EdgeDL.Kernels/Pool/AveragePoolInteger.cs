using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Pool;

/// <summary>
/// y = clamp(round(Σ over the window of x / count), lo, hi) in integers, halves away from zero,
/// where count is the number of pixels of the window inside the input: TensorFlow Lite's integer
/// average pooling, which needs no scale because input and output share theirs. A window without a
/// pixel gives clamp(0).
/// </summary>
public static unsafe class AveragePoolInteger
{
    /// <summary>Output rows begin to end − 1 of the pooling; x and y must not overlap.</summary>
    public delegate void Function<T>(
        in PoolShape shape, ReadOnlySpan<T> x, Span<T> y, int lo, int hi, int begin, int end)
        where T : unmanaged, IBinaryInteger<T>;

    public static KernelRow<Function<sbyte>>[] RowsS8() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Vec128S8),
        new("scalar", true, Scalar),
    ];

    public static KernelRow<Function<byte>>[] RowsU8() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Vec128U8),
        new("scalar", true, Scalar),
    ];

    public static KernelRow<Function<short>>[] RowsS16() => [new("scalar", true, Scalar)];

    static void Scalar<T>(
        in PoolShape shape, ReadOnlySpan<T> x, Span<T> y, int lo, int hi, int begin, int end)
        where T : unmanaged, IBinaryInteger<T> =>
        PoolLoop.Scalar(new Average<T>(lo, hi), shape, x, y, begin, end);

    static void Vec128S8(
        in PoolShape shape, ReadOnlySpan<sbyte> x, Span<sbyte> y, int lo, int hi,
        int begin, int end) =>
        PoolLoop.Vec128(new AverageS8(lo, hi), shape, x, y, begin, end);

    static void Vec128U8(
        in PoolShape shape, ReadOnlySpan<byte> x, Span<byte> y, int lo, int hi,
        int begin, int end) =>
        PoolLoop.Vec128(new AverageU8(lo, hi), shape, x, y, begin, end);

    internal static int Sum<T>(in PoolWindow<T> window, int channel)
        where T : unmanaged, IBinaryInteger<T>
    {
        int sum = 0;
        T* row = window.First + channel;
        for (int ky = 0; ky < window.Rows; ky++, row += window.RowStride)
        {
            T* pixel = row;
            for (int kx = 0; kx < window.Columns; kx++, pixel += window.Channels)
            {
                sum += int.CreateTruncating(*pixel);
            }
        }
        return sum;
    }

    static T ScalarAverage<T>(in PoolWindow<T> window, int channel, int lo, int hi)
        where T : unmanaged, IBinaryInteger<T>
    {
        int sum = Sum(window, channel);
        int count = Math.Max(window.Count, 1);
        int mean = sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
        return T.CreateTruncating(Math.Clamp(mean, lo, hi));
    }

    /// <summary>
    /// The rounded quotient of four sums. The float quotient is at most one off (|q| ≤ 255,
    /// relative error below 2⁻²¹), and the integer remainder says which way.
    /// </summary>
    static Vector128<int> Divide(Vector128<int> sum, int count, float inverse)
    {
        Vector128<int> magnitude = Vector128.Abs(sum) + Vector128.Create(count / 2);
        Vector128<int> quotient = Vector128.ConvertToInt32(
            Vector128.ConvertToSingle(magnitude) * inverse);
        Vector128<int> rest = magnitude - quotient * count;
        quotient -= Vector128.GreaterThan(rest, Vector128.Create(count - 1));
        quotient += Vector128.LessThan(rest, Vector128<int>.Zero);
        Vector128<int> negative = Vector128.LessThan(sum, Vector128<int>.Zero);
        return (quotient ^ negative) - negative;
    }

    static (Vector128<short> Lower, Vector128<short> Upper) Divide(
        Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d,
        int count, int lo, int hi)
    {
        float inverse = 1f / count;
        Vector128<int> low = Vector128.Create(lo);
        Vector128<int> high = Vector128.Create(hi);
        a = Vector128.Min(Vector128.Max(Divide(a, count, inverse), low), high);
        b = Vector128.Min(Vector128.Max(Divide(b, count, inverse), low), high);
        c = Vector128.Min(Vector128.Max(Divide(c, count, inverse), low), high);
        d = Vector128.Min(Vector128.Max(Divide(d, count, inverse), low), high);
        return (Vector128.Narrow(a, b), Vector128.Narrow(c, d));
    }

    readonly struct Average<T>(int lo, int hi) : IPooling<Average<T>, T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Scalar(in PoolWindow<T> window, int channel) =>
            ScalarAverage(window, channel, lo, hi);

        public Vector128<T> Lanes(in PoolWindow<T> window, int channel) =>
            throw new NotSupportedException("this element type has only the scalar row");
    }

    readonly struct AverageS8(int lo, int hi) : IPooling<AverageS8, sbyte>
    {
        public sbyte Scalar(in PoolWindow<sbyte> window, int channel) =>
            ScalarAverage(window, channel, lo, hi);

        public Vector128<sbyte> Lanes(in PoolWindow<sbyte> window, int channel)
        {
            Vector128<int> a = default, b = default, c = default, d = default;
            sbyte* row = window.First + channel;
            for (int ky = 0; ky < window.Rows; ky++, row += window.RowStride)
            {
                sbyte* pixel = row;
                for (int kx = 0; kx < window.Columns; kx++, pixel += window.Channels)
                {
                    (Vector128<short> lower, Vector128<short> upper) =
                        Vector128.Widen(Vector128.Load(pixel));
                    a += Vector128.WidenLower(lower);
                    b += Vector128.WidenUpper(lower);
                    c += Vector128.WidenLower(upper);
                    d += Vector128.WidenUpper(upper);
                }
            }
            (Vector128<short> low, Vector128<short> high) =
                Divide(a, b, c, d, Math.Max(window.Count, 1), lo, hi);
            return Vector128.Narrow(low, high);
        }
    }

    readonly struct AverageU8(int lo, int hi) : IPooling<AverageU8, byte>
    {
        public byte Scalar(in PoolWindow<byte> window, int channel) =>
            ScalarAverage(window, channel, lo, hi);

        public Vector128<byte> Lanes(in PoolWindow<byte> window, int channel)
        {
            Vector128<int> a = default, b = default, c = default, d = default;
            byte* row = window.First + channel;
            for (int ky = 0; ky < window.Rows; ky++, row += window.RowStride)
            {
                byte* pixel = row;
                for (int kx = 0; kx < window.Columns; kx++, pixel += window.Channels)
                {
                    (Vector128<ushort> lower, Vector128<ushort> upper) =
                        Vector128.Widen(Vector128.Load(pixel));
                    a += Vector128.WidenLower(lower).AsInt32();
                    b += Vector128.WidenUpper(lower).AsInt32();
                    c += Vector128.WidenLower(upper).AsInt32();
                    d += Vector128.WidenUpper(upper).AsInt32();
                }
            }
            (Vector128<short> low, Vector128<short> high) =
                Divide(a, b, c, d, Math.Max(window.Count, 1), lo, hi);
            return Vector128.Narrow(low.AsUInt16(), high.AsUInt16());
        }
    }
}
