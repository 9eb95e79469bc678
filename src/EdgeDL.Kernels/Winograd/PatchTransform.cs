using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Winograd;

/// <summary>Takes a vector of channels of the input.</summary>
unsafe interface IPatchLoad<TFrom, TV>
    where TFrom : unmanaged
{
    TV Load(TFrom* at);
}

/// <summary>Bᵀ d B of the 4×4 inputs under consecutive tiles of a line.</summary>
static unsafe class PatchTransform
{
    /// <summary>Channels [first, last), whole vectors.</summary>
    /// <param name="s">The convolution.</param>
    /// <param name="lines">Under the tiles.</param>
    /// <param name="left">The input's column under the first, maybe beyond the edge.</param>
    /// <param name="count">Tiles.</param>
    /// <param name="load">How values are read.</param>
    /// <param name="outside">What lies beyond the left and right edges.</param>
    /// <param name="to">[tile][channel], at the first frequency.</param>
    /// <param name="f">From a frequency to the next.</param>
    /// <param name="first">Channel.</param>
    /// <param name="last">Channel.</param>
    // B = (1 0 0 0; 0 1 −1 1; −1 1 1 0; 0 0 0 −1). Down the columns first: of a tile's four, two
    // are the next one's.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Channels<TFrom, T, TLanes, TV, TLoad>(
        in ConvShape s, in InputLines<TFrom> lines, int left, int count, TLoad load, TV outside,
        T* to, nint f, int first, int last)
        where TFrom : unmanaged
        where T : unmanaged
        where TLanes : struct, ILanes<T, TV>
        where TV : unmanaged
        where TLoad : struct, IPatchLoad<TFrom, TV>
    {
        int channels = s.InChannels, width = s.InWidth;
        for (int c = first; c < last; c += TLanes.Count)
        {
            InputLines<TFrom> from = lines.At(c);
            T* at = to + c;
            int x = left;
            Column<TFrom, T, TLanes, TV, TLoad>(
                from, x, width, load, outside, out TV a0, out TV a1, out TV a2, out TV a3);
            Column<TFrom, T, TLanes, TV, TLoad>(
                from, x + 1, width, load, outside, out TV b0, out TV b1, out TV b2, out TV b3);
            for (int i = 0; i < count; i++, x += 2, at += channels)
            {
                Column<TFrom, T, TLanes, TV, TLoad>(
                    from, x + 2, width, load, outside, out TV c0, out TV c1, out TV c2, out TV c3);
                Store<T, TLanes, TV>(a0, b0, c0, at, f);
                Store<T, TLanes, TV>(a1, b1, c1, at + 4 * f, f);
                Store<T, TLanes, TV>(a2, b2, c2, at + 8 * f, f);
                Store<T, TLanes, TV>(a3, b3, c3, at + 12 * f, f);
                Column<TFrom, T, TLanes, TV, TLoad>(
                    from, x + 3, width, load, outside, out TV d0, out TV d1, out TV d2, out TV d3);
                TLanes.Store(TLanes.Subtract(b0, d0), at + 3 * f);
                TLanes.Store(TLanes.Subtract(b1, d1), at + 7 * f);
                TLanes.Store(TLanes.Subtract(b2, d2), at + 11 * f);
                TLanes.Store(TLanes.Subtract(b3, d3), at + 15 * f);
                (a0, a1, a2, a3) = (c0, c1, c2, c3);
                (b0, b1, b2, b3) = (d0, d1, d2, d3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<T, TLanes, TV>(TV a, TV b, TV c, T* to, nint f)
        where T : unmanaged
        where TLanes : struct, ILanes<T, TV>
        where TV : unmanaged
    {
        TLanes.Store(TLanes.Subtract(a, c), to);
        TLanes.Store(TLanes.Add(b, c), to + f);
        TLanes.Store(TLanes.Subtract(c, b), to + 2 * f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Column<TFrom, T, TLanes, TV, TLoad>(
        in InputLines<TFrom> lines, int x, int width, TLoad load, TV outside, out TV y0, out TV y1,
        out TV y2, out TV y3)
        where TFrom : unmanaged
        where T : unmanaged
        where TLanes : struct, ILanes<T, TV>
        where TV : unmanaged
        where TLoad : struct, IPatchLoad<TFrom, TV>
    {
        if ((uint)x >= (uint)width)
        {
            y0 = y2 = y3 = TLanes.Zero;
            y1 = TLanes.Add(outside, outside);
            return;
        }
        TV d0 = load.Load(lines.Line0 + x * lines.Step0);
        TV d1 = load.Load(lines.Line1 + x * lines.Step1);
        TV d2 = load.Load(lines.Line2 + x * lines.Step2);
        TV d3 = load.Load(lines.Line3 + x * lines.Step3);
        y0 = TLanes.Subtract(d0, d2);
        y1 = TLanes.Add(d1, d2);
        y2 = TLanes.Subtract(d2, d1);
        y3 = TLanes.Subtract(d1, d3);
    }
}
