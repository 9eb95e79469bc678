using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Kernels.Winograd;

/// <summary>requantize(bias + Aᵀ m A / 4) of consecutive tiles of a line, as far as the output
/// reaches.</summary>
static unsafe class WinogradOutputS8
{
    // What WinogradWeightsS8 has too much: 4 = 2².
    const int Excess = 2;

    /// <param name="args">The convolution.</param>
    /// <param name="place">Of the first tile.</param>
    /// <param name="count">Tiles, no more than its line has.</param>
    /// <param name="block">The products, and where sums go on their way.</param>
    /// <param name="first">The first tile's number in the block.</param>
    /// <param name="column">First output channel of the panel.</param>
    public static void Line<TIsa, TLanes, TV>(
        in ConvS8.Args args, TilePlace place, int count, in WinogradBlockS8 block, int first,
        int column)
        where TIsa : struct, IGemmS16
        where TLanes : struct, IShiftLanes<int, TV>
        where TV : unmanaged
    {
        ref readonly ConvShape s = ref args.Shape;
        Sums<TLanes, TV>(
            args.Bias + column, block.Products + (nint)first * TIsa.Columns, block.ProductStride,
            count, TIsa.Columns, block.Top, block.Bottom);
        int width = Math.Min(TIsa.Columns, s.OutChannels - column);
        int positions = Math.Min(TileGrid.Size * count, s.OutWidth - place.X);
        nint line = (nint)place.Batch * s.OutHeight + place.Y;
        byte* y = args.Output + (line * s.OutWidth + place.X) * s.OutChannels + column;
        float* scale = args.Scale + column;
        TIsa.Requantize(block.Top, positions, scale, width, args.Range, y, s.OutChannels);
        if (place.Y + 1 < s.OutHeight)
        {
            y += (nint)s.OutWidth * s.OutChannels;
            TIsa.Requantize(block.Bottom, positions, scale, width, args.Range, y, s.OutChannels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sums<TLanes, TV>(
        int* bias, int* products, nint stride, int count, int nr, int* top, int* bottom)
        where TLanes : struct, IShiftLanes<int, TV>
        where TV : unmanaged
    {
        for (int c = 0; c < nr; c += TLanes.Count)
        {
            TV b = TLanes.Load(bias + c);
            int* m = products + c, upper = top + c, lower = bottom + c;
            for (int i = 0; i < count; i++)
            {
                TileTransform.Run<int, TLanes, TV>(
                    m, stride, out TV y00, out TV y01, out TV y10, out TV y11);
                Store<TLanes, TV>(y11, b, lower + nr);
                Store<TLanes, TV>(y10, b, lower);
                Store<TLanes, TV>(y01, b, upper + nr);
                Store<TLanes, TV>(y00, b, upper);
                m += nr;
                upper += TileGrid.Size * nr;
                lower += TileGrid.Size * nr;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TLanes, TV>(TV sum, TV bias, int* to)
        where TLanes : struct, IShiftLanes<int, TV>
        where TV : unmanaged =>
        TLanes.Store(TLanes.Add(TLanes.ShiftRight(sum, Excess), bias), to);
}
