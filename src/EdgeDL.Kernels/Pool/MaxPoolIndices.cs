using System.Numerics;

namespace EdgeDL.Kernels.Pool;

/// <summary>
/// y = max over the window and where it is: the first of equal ones, as an index into the input
/// laid out [batch][channels][spatial].
/// </summary>
public static unsafe class MaxPoolIndices
{
    /// <summary>
    /// Output rows begin to end − 1. The spatial part of an index counts width fastest, or, with
    /// <paramref name="depthFirst"/>, depth, then height. No pixel gives the smallest number, −1.
    /// </summary>
    public static void Run<T>(
        in PoolVolume v, ReadOnlySpan<T> x, Span<T> y, Span<long> indices, bool depthFirst,
        int begin, int end)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        v.Check(x.Length, y.Length, begin, end);
        ArgumentOutOfRangeException.ThrowIfLessThan(indices.Length, y.Length);
        int channels = v.Channels;
        long plane = (long)v.Depth.Input * v.Height.Input * v.Width.Input;
        (long z, long h, long w) stride = depthFirst
            ? (1, v.Depth.Input, (long)v.Depth.Input * v.Height.Input)
            : ((long)v.Height.Input * v.Width.Input, v.Width.Input, 1);
        fixed (T* input = x, output = y)
        fixed (long* found = indices)
        {
            nint at = (nint)begin * v.Width.Output * channels;
            for (int row = begin; row < end; row++)
            {
                (int rest, int oy) = Math.DivRem(row, v.Height.Output);
                (int batch, int oz) = Math.DivRem(rest, v.Depth.Output);
                for (int ox = 0; ox < v.Width.Output; ox++, at += channels)
                {
                    new Span<T>(output + at, channels).Fill(T.MinValue);
                    new Span<long>(found + at, channels).Fill(-1);
                    var window = new Window(
                        v.Depth.Inside(oz), v.Height.Inside(oy), v.Width.Inside(ox));
                    for (int i = 0; i < window.Count; i++)
                    {
                        (int pz, int ph, int pw) = window.Pixel(i, v);
                        nint pixel = (((nint)batch * v.Depth.Input + pz) * v.Height.Input + ph)
                            * v.Width.Input + pw;
                        Add(
                            input + pixel * channels,
                            batch * channels * plane + pz * stride.z + ph * stride.h
                                + pw * stride.w,
                            plane, output + at, found + at, channels);
                    }
                }
            }
        }
    }

    static void Add<T>(T* x, long index, long plane, T* best, long* found, int channels)
        where T : unmanaged, INumber<T>
    {
        for (int c = 0; c < channels; c++)
        {
            if (found[c] < 0 || x[c] > best[c] || (T.IsNaN(x[c]) && !T.IsNaN(best[c])))
            {
                best[c] = x[c];
                found[c] = index + c * plane;
            }
        }
    }

    readonly record struct Window(
        (int First, int Count) Depth, (int First, int Count) Height, (int First, int Count) Width)
    {
        public long Count => (long)Depth.Count * Height.Count * Width.Count;

        public (int Z, int Y, int X) Pixel(int i, in PoolVolume v)
        {
            (int line, int x) = Math.DivRem(i, Width.Count);
            (int z, int y) = Math.DivRem(line, Height.Count);
            return (
                Depth.First + z * v.Depth.Dilation, Height.First + y * v.Height.Dilation,
                Width.First + x * v.Width.Dilation);
        }
    }
}
