using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Winograd;

/// <summary>clamp(bias + Aᵀ m A) of consecutive tiles of a line, as far as the output reaches.
/// </summary>
static unsafe class WinogradOutputF32
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

    // What sticks out is written first, and then over.
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
            TileTransform.Run<float, TLanes, TV>(
                m + c, stride, out TV y00, out TV y01, out TV y10, out TV y11);
            TV b = TLanes.Load(bias + c);
            float* to = y + c;
            Store<TLanes, TV>(y11, b, low, high, to + below + right);
            Store<TLanes, TV>(y10, b, low, high, to + below);
            Store<TLanes, TV>(y01, b, low, high, to + right);
            Store<TLanes, TV>(y00, b, low, high, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TLanes, TV>(TV y, TV bias, TV low, TV high, float* to)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged =>
        TLanes.Store(
            TLanes.Min(high, TLanes.Max(low, TLanes.Add(y, bias))), to);
}
