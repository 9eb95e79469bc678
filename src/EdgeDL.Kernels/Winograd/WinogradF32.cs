using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Kernels.Winograd;

/// <summary>
/// 3×3 convolution at stride 1 as F(2×2, 3×3): y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A for each 2×2 tile of
/// the output, d being the 4×4 of the input under it. 16 products a tile and channel instead of
/// 36: the sums over channels are 16 matrix products. Lavin and Gray, Fast Algorithms for
/// Convolutional Neural Networks, 2015 (arXiv:1509.09308), section 4.1.
/// </summary>
/// <remarks>
/// A value is off by some roundings of the largest value of its 4×4, not of its own window, and an
/// infinity there makes it NaN.
/// </remarks>
public static unsafe class WinogradF32
{
    // Below, moving in and out costs what the products save.
    const int MinChannels = 16;

    // What the products must save, counting the tiles that stick out.
    const double MinGain = 1.3;

    /// <summary>Fastest first; the rows of <see cref="ConvF32.Rows"/>.</summary>
    public static ConvF32.Row[] Rows() =>
    [
        Make<GemmF32.X86Avx512, F32Lanes256, Vector256<float>>("X86Avx512"),
        Make<GemmF32.X86Avx2, F32Lanes256, Vector256<float>>("X86Avx2"),
        Make<GemmF32.ArmNeon, F32Lanes128, Vector128<float>>("ArmNeon"),
        Make<GemmF32.Vec128, F32Lanes128, Vector128<float>>("Vec128"),
        Make<GemmF32.Scalar, F32Lanes128, Vector128<float>>("Scalar"),
    ];

    /// <summary>The first row that this CPU runs.</summary>
    public static ConvF32.Row Best() => Best(CpuTarget.This());

    /// <summary>The first row that a CPU of that kind runs.</summary>
    public static ConvF32.Row Best(CpuTarget target) => Array.Find(Rows(), target.Runs)!;

    /// <summary>Whether the rows compute this convolution.</summary>
    public static bool Fits(in ConvShape s) =>
        TileGrid.Fits(s)
        && s.InChannels % Vector128<float>.Count == 0
        && s.OutChannels % Vector128<float>.Count == 0;

    /// <summary>Whether they are likely to be faster than <see cref="ConvF32"/>.</summary>
    public static bool Pays(in ConvShape s, int tileRows) =>
        Fits(s) && Math.Min(s.InChannels, s.OutChannels) >= MinChannels
        && TileGrid.Gain(s, tileRows) >= MinGain;

    static Row Make<TIsa, TLanes, TV>(string name)
        where TIsa : struct, IGemmF32
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged =>
        new Row(name, TIsa.IsSupported, TIsa.Rows, TIsa.Columns, Run<TIsa, TLanes, TV>);

    sealed class Row(string name, bool supported, int rows, int columns, ConvF32.Work run)
        : ConvF32.Row(name, supported, rows, columns, run)
    {
        public override int Units(in ConvShape s) => TileGrid.Of(s).Count;

        private protected override PackedKind Kind(in ConvShape s) => PackedKind.WinogradF32;

        public override long PackedFloats(in ConvShape s) =>
            (long)PanelCount(s) * WinogradWeightsF32.PanelFloats(s.InChannels, TileColumns);

        public override void Pack(
            in ConvShape s, float* weights, nint columnStride, nint depthStride, float* bias,
            float* panels) =>
            WinogradWeightsF32.Pack(
                s, weights, columnStride, depthStride, bias, TileColumns, panels);

        public override long ScratchBytes(in ConvShape s) =>
            new WinogradBlockF32(s, TileRows, TileColumns, null).ScratchBytes;
    }

    static void Run<TIsa, TLanes, TV>(
        in ConvF32.Args args, int tileBegin, int tileEnd, int panelBegin, int panelEnd,
        byte* scratch)
        where TIsa : struct, IGemmF32
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        ref readonly ConvShape s = ref args.Shape;
        TileGrid grid = TileGrid.Of(s);
        var block = new WinogradBlockF32(s, TIsa.Rows, TIsa.Columns, scratch);
        block.Start();
        long panelFloats = WinogradWeightsF32.PanelFloats(s.InChannels, TIsa.Columns);
        for (int first = tileBegin; first < tileEnd; first += block.Tiles)
        {
            int count = Math.Min(block.Tiles, tileEnd - first);
            for (int i = 0, line; i < count; i += line)
            {
                line = Math.Min(grid.LeftInLine(first + i), count - i);
                WinogradInputF32.Line<TLanes, TV>(
                    args, grid.At(first + i), line, block, (nint)i * s.InChannels);
            }
            block.RepeatLast(count);
            for (int panel = panelBegin; panel < panelEnd; panel++)
            {
                int column = panel * TIsa.Columns;
                int width = Math.Min(TIsa.Columns, s.OutChannels - column);
                float* bias = args.Panels + panel * panelFloats;
                Products<TIsa>(block, s.InChannels, bias + TIsa.Columns, count, width);
                for (int i = 0, line; i < count; i += line)
                {
                    line = Math.Min(grid.LeftInLine(first + i), count - i);
                    WinogradOutputF32.Line<TLanes, TV>(
                        args, grid.At(first + i), line, bias, column, TIsa.Columns,
                        block.Products + (nint)i * TIsa.Columns, block.ProductStride);
                }
            }
        }
    }

    static void Products<TIsa>(
        in WinogradBlockF32 block, int depth, float* weights, int count, int width)
        where TIsa : struct, IGemmF32
    {
        var terms = new GemmTermsF32
        {
            Taps = block.Tap,
            TapCount = 1,
            Depth = depth,
            Bias = block.Zeros,
            Partial = block.Partial,
            Stride = TIsa.Columns,
            Min = float.NegativeInfinity,
            Max = float.PositiveInfinity,
        };
        for (int f = 0; f < TileGrid.Frequencies; f++)
        {
            *block.Tap = f * block.InputStride * sizeof(float);
            terms.Weights = weights + (nint)f * depth * TIsa.Columns;
            float* sums = block.Products + f * block.ProductStride;
            for (int i = 0; i < count; i += TIsa.Rows)
            {
                terms.Rows = block.Rows + i;
                terms.Sums = sums + (nint)i * TIsa.Columns;
                terms.Valid = Math.Min(TIsa.Rows, count - i);
                if (2 * width <= TIsa.Columns)
                {
                    TIsa.Half(terms);
                }
                else
                {
                    TIsa.Tile(terms);
                }
            }
        }
    }
}
