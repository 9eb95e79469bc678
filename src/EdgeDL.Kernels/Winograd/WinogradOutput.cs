using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Winograd;

/// <summary>clamp(bias + Aᵀ m A) of consecutive tiles of a line, as far as the output reaches.
/// </summary>
static unsafe class WinogradOutput
{
    /// <param name="args">The convolution.</param>
    /// <param name="place">Of the first tile.</param>
    /// <param name="count">Tiles, no more than its line has.</param>
    /// <param name="bias">Of the panel.</param>
    /// <param name="column">First output channel of the panel.</param>
    /// <param name="nr">Channels of a panel.</param>
    /// <param name="products">[tile][NR], at the first frequency.</param>
    /// <param name="stride">Floats to the next one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Line<TLanes, TV>(
        in ConvF32.Args args, TilePlace place, int count, float* bias, int column, int nr,
        float* products, nint stride)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        ref readonly ConvShape s = ref args.Shape;
        nint line = (nint)place.Batch * s.OutHeight + place.Y;
        float* y = args.Output + (line * s.OutWidth + place.X) * s.OutChannels + column;
        nint right = s.OutChannels;
        nint below = place.Y + 1 < s.OutHeight ? (nint)s.OutWidth * s.OutChannels : 0;
        int width = Math.Min(nr, s.OutChannels - column);
        int whole = width / TLanes.Count * TLanes.Count;
        for (int i = 0; i < count; i++)
        {
            if (place.X + TileGrid.Size * i + 1 == s.OutWidth)
            {
                right = 0;
            }
            Channels<TLanes, TV>(args, bias, products, stride, y, right, below, 0, whole);
            if (whole < width)
            {
                Channels<F32Lanes128, Vector128<float>>(
                    args, bias, products, stride, y, right, below, whole, width);
            }
            y += TileGrid.Size * s.OutChannels;
            products += nr;
        }
    }

    // A = (1 0; 1 1; 1 −1; 0 −1). What sticks out is written first, and then over.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Channels<TLanes, TV>(
        in ConvF32.Args args, float* bias, float* m, nint stride, float* y, nint right, nint below,
        int first, int last)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        TV low = TLanes.Broadcast(args.Min), high = TLanes.Broadcast(args.Max);
        for (int c = first; c < last; c += TLanes.Count)
        {
            float* at = m + c;
            Column<TLanes, TV>(at, 4 * stride, out TV s0, out TV d0);
            Column<TLanes, TV>(at + stride, 4 * stride, out TV s1, out TV d1);
            Column<TLanes, TV>(at + 2 * stride, 4 * stride, out TV s2, out TV d2);
            Column<TLanes, TV>(at + 3 * stride, 4 * stride, out TV s3, out TV d3);
            TV b = TLanes.Load(bias + c);
            TV y11 = TLanes.Subtract(TLanes.Subtract(d1, d2), d3);
            TV y10 = TLanes.Add(TLanes.Add(d0, d1), d2);
            TV y01 = TLanes.Subtract(TLanes.Subtract(s1, s2), s3);
            TV y00 = TLanes.Add(TLanes.Add(s0, s1), s2);
            float* to = y + c;
            Store<TLanes, TV>(y11, b, low, high, to + below + right);
            Store<TLanes, TV>(y10, b, low, high, to + below);
            Store<TLanes, TV>(y01, b, low, high, to + right);
            Store<TLanes, TV>(y00, b, low, high, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Column<TLanes, TV>(float* m, nint down, out TV sum, out TV difference)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        TV m1 = TLanes.Load(m + down), m2 = TLanes.Load(m + 2 * down);
        sum = TLanes.Add(TLanes.Add(TLanes.Load(m), m1), m2);
        difference = TLanes.Subtract(TLanes.Subtract(m1, m2), TLanes.Load(m + 3 * down));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TLanes, TV>(TV y, TV bias, TV low, TV high, float* to)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged =>
        TLanes.Store(
            TLanes.Min(high, TLanes.Max(low, TLanes.Add(y, bias))), to);
}
