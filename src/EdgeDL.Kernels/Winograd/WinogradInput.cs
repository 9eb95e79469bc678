using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Winograd;

/// <summary>Bᵀ d B of the 4×4 inputs under consecutive tiles of a line.</summary>
static unsafe class WinogradInput
{
    /// <summary>Writes to inputs + <paramref name="at"/> of the block.</summary>
    /// <param name="args">The convolution.</param>
    /// <param name="place">Of the first tile.</param>
    /// <param name="count">Tiles, no more than its line has.</param>
    /// <param name="block">Where they go.</param>
    /// <param name="at">Floats to the first tile.</param>
    public static void Line<TLanes, TV>(
        in ConvF32.Args args, TilePlace place, int count, in WinogradBlock block, nint at)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        ref readonly ConvShape s = ref args.Shape;
        var lines = new InputLines(args, place, block.Zeros);
        int left = place.X - s.PadLeft;
        int whole = s.InChannels / TLanes.Count * TLanes.Count;
        Channels<TLanes, TV>(s, lines, left, count, block, at, 0, whole);
        if (whole < s.InChannels)
        {
            Channels<F32Lanes128, Vector128<float>>(
                s, lines, left, count, block, at, whole, s.InChannels);
        }
    }

    // B = (1 0 0 0; 0 1 −1 1; −1 1 1 0; 0 0 0 −1). Down the columns first: of a tile's four, two
    // are the next one's.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Channels<TLanes, TV>(
        in ConvShape s, in InputLines lines, int left, int count, in WinogradBlock block, nint at,
        int first, int last)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        int channels = s.InChannels, width = s.InWidth;
        nint f = block.InputStride;
        for (int c = first; c < last; c += TLanes.Count)
        {
            InputLines from = lines.At(c);
            float* to = block.Inputs + at + c;
            int x = left;
            Column<TLanes, TV>(from, x, width, out TV a0, out TV a1, out TV a2, out TV a3);
            Column<TLanes, TV>(from, x + 1, width, out TV b0, out TV b1, out TV b2, out TV b3);
            for (int i = 0; i < count; i++, x += 2, to += channels)
            {
                Column<TLanes, TV>(
                    from, x + 2, width, out TV c0, out TV c1, out TV c2, out TV c3);
                Store<TLanes, TV>(a0, b0, c0, to, f);
                Store<TLanes, TV>(a1, b1, c1, to + 4 * f, f);
                Store<TLanes, TV>(a2, b2, c2, to + 8 * f, f);
                Store<TLanes, TV>(a3, b3, c3, to + 12 * f, f);
                Column<TLanes, TV>(
                    from, x + 3, width, out TV d0, out TV d1, out TV d2, out TV d3);
                TLanes.Store(TLanes.Subtract(b0, d0), to + 3 * f);
                TLanes.Store(TLanes.Subtract(b1, d1), to + 7 * f);
                TLanes.Store(TLanes.Subtract(b2, d2), to + 11 * f);
                TLanes.Store(TLanes.Subtract(b3, d3), to + 15 * f);
                (a0, a1, a2, a3) = (c0, c1, c2, c3);
                (b0, b1, b2, b3) = (d0, d1, d2, d3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TLanes, TV>(TV a, TV b, TV c, float* to, nint f)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        TLanes.Store(TLanes.Subtract(a, c), to);
        TLanes.Store(TLanes.Add(b, c), to + f);
        TLanes.Store(TLanes.Subtract(c, b), to + 2 * f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Column<TLanes, TV>(
        in InputLines lines, int x, int width, out TV y0, out TV y1, out TV y2, out TV y3)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        if ((uint)x >= (uint)width)
        {
            y0 = y1 = y2 = y3 = TLanes.Zero;
            return;
        }
        TV d0 = TLanes.Load(lines.Line0 + x * lines.Step0);
        TV d1 = TLanes.Load(lines.Line1 + x * lines.Step1);
        TV d2 = TLanes.Load(lines.Line2 + x * lines.Step2);
        TV d3 = TLanes.Load(lines.Line3 + x * lines.Step3);
        y0 = TLanes.Subtract(d0, d2);
        y1 = TLanes.Add(d1, d2);
        y2 = TLanes.Subtract(d2, d1);
        y3 = TLanes.Subtract(d1, d3);
    }

    // The lines under a tile; one beyond the edge is zeros all along.
    readonly struct InputLines
    {
        public InputLines(in ConvF32.Args args, TilePlace place, float* zeros)
        {
            Of(args, place, 0, zeros, out Line0, out Step0);
            Of(args, place, 1, zeros, out Line1, out Step1);
            Of(args, place, 2, zeros, out Line2, out Step2);
            Of(args, place, 3, zeros, out Line3, out Step3);
        }

        InputLines(in InputLines lines, int channel)
        {
            this = lines;
            Line0 += channel;
            Line1 += channel;
            Line2 += channel;
            Line3 += channel;
        }

        public readonly float* Line0, Line1, Line2, Line3;
        public readonly nint Step0, Step1, Step2, Step3;

        public InputLines At(int channel) => new(this, channel);

        static void Of(
            in ConvF32.Args args, TilePlace place, int i, float* zeros, out float* line,
            out nint step)
        {
            ref readonly ConvShape s = ref args.Shape;
            int y = place.Y - s.PadTop + i;
            bool isInside = (uint)y < (uint)s.InHeight;
            nint first = ((nint)place.Batch * s.InHeight + y) * s.InWidth * s.InChannels;
            line = isInside ? args.Input + first : zeros;
            step = isInside ? s.InChannels : 0;
        }
    }
}
