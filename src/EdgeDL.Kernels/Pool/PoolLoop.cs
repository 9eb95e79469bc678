using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Pool;

/// <summary>One window of <c>rows × columns</c> pixels, all inside the input.</summary>
internal readonly unsafe ref struct PoolWindow<T>(
    T* first, int rows, int columns, nint rowStride, int channels)
    where T : unmanaged
{
    public readonly T* First = first;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly nint RowStride = rowStride;
    public readonly int Channels = channels;

    public int Count => Rows * Columns;
}

/// <summary>
/// What a pooling does with one window: a channel at a time, or a lane of channels.
/// </summary>
internal unsafe interface IPooling<TSelf, T>
    where TSelf : struct, IPooling<TSelf, T>
    where T : unmanaged
{
    T Scalar(in PoolWindow<T> window, int channel);

    Vector128<T> Lanes(in PoolWindow<T> window, int channel);
}

/// <summary>The traversal that every pooling shares: output rows, columns, then channels.</summary>
internal static unsafe class PoolLoop
{
    public static void Scalar<T, TPooling>(
        TPooling pooling, in PoolShape shape, ReadOnlySpan<T> x, Span<T> y, int begin, int end)
        where T : unmanaged
        where TPooling : struct, IPooling<TPooling, T>
    {
        shape.Check(x.Length, y.Length, begin, end);
        fixed (T* input = x, output = y)
        {
            T* target = output + (nint)begin * shape.OutputWidth * shape.Channels;
            for (int row = begin; row < end; row++)
            {
                (int start, int rows) = shape.Vertical(row);
                for (int ox = 0; ox < shape.OutputWidth; ox++, target += shape.Channels)
                {
                    (int left, int columns) = shape.Horizontal(ox);
                    var window = new PoolWindow<T>(
                        input + start + left * shape.Channels, rows, columns,
                        (nint)shape.InputWidth * shape.Channels, shape.Channels);
                    for (int c = 0; c < shape.Channels; c++)
                    {
                        target[c] = pooling.Scalar(window, c);
                    }
                }
            }
        }
    }

    public static void Vec128<T, TPooling>(
        TPooling pooling, in PoolShape shape, ReadOnlySpan<T> x, Span<T> y, int begin, int end)
        where T : unmanaged
        where TPooling : struct, IPooling<TPooling, T>
    {
        int lanes = Vector128<T>.Count;
        int channels = shape.Channels;
        if (channels < lanes)
        {
            Scalar(pooling, shape, x, y, begin, end);
            return;
        }
        shape.Check(x.Length, y.Length, begin, end);
        fixed (T* input = x, output = y)
        {
            T* target = output + (nint)begin * shape.OutputWidth * channels;
            for (int row = begin; row < end; row++)
            {
                (int start, int rows) = shape.Vertical(row);
                for (int ox = 0; ox < shape.OutputWidth; ox++, target += channels)
                {
                    (int left, int columns) = shape.Horizontal(ox);
                    var window = new PoolWindow<T>(
                        input + start + left * channels, rows, columns,
                        (nint)shape.InputWidth * channels, channels);
                    int c = 0;
                    for (; c <= channels - lanes; c += lanes)
                    {
                        pooling.Lanes(window, c).Store(target + c);
                    }
                    if (c < channels)
                    {
                        // The last lanes overlap the ones before: the same values are stored again.
                        pooling.Lanes(window, channels - lanes).Store(target + channels - lanes);
                    }
                }
            }
        }
    }
}
