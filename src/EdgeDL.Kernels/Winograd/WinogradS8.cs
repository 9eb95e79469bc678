using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Kernels.Winograd;

/// <summary>
/// int8 or uint8 3×3 convolution at stride 1 as F(2×2, 3×3), see <see cref="WinogradF32"/>, with
/// 2G for G: then all is whole numbers, the sums are four times too large, and a shift gives the
/// bits of <see cref="ConvS8"/>. For CPUs that multiply int16 as fast as int8.
/// </summary>
/// <remarks>Inputs beyond the edge are the zero point; it is folded into the bias as there.
/// </remarks>
public static unsafe class WinogradS8
{
    // Below, moving in and out costs what the products save.
    const int MinChannels = 16;

    // |4 · Σ x · w| ≤ 4 · 9 · 128 · 128 a channel: what stays inside int32.
    const int MaxChannels = 3640;

    // What the products must save, counting the tiles that stick out.
    const double MinGain = 1.3;

    // Packed weights of one step: beyond, reading them costs what the products save.
    const long MaxBytes = 1 << 20;

    /// <summary>Fastest first; rows of a CPU that has none of these are
    /// <see cref="ConvS8.Rows"/>.</summary>
    public static ConvS8.Row[] Rows() =>
    [
        new Tiled<
            GemmS16.X86Avx2, Lanes256<short>, Vector256<short>, WinogradInputS8.Load256,
            Lanes256<int>, Vector256<int>>("X86Avx2"),
        new Tiled<
            GemmS16.ArmNeon, Lanes128<short>, Vector128<short>, WinogradInputS8.Load128,
            Lanes128<int>, Vector128<int>>("ArmNeon"),
    ];

    /// <summary>The first row that a CPU of that kind runs, or null.</summary>
    public static ConvS8.Row? Best(CpuTarget target) => Array.Find(Rows(), target.Runs);

    /// <summary>Whether the rows compute this convolution.</summary>
    /// <param name="s">The convolution.</param>
    /// <param name="weightZero">The weights' zero point as int8.</param>
    public static bool Fits(in ConvShape s, int weightZero) =>
        TileGrid.Fits(s) && weightZero == 0 && s.InChannels % Vector128<short>.Count == 0
        && s.InChannels <= MaxChannels;

    /// <summary>Whether, of what fits, that CPU's row is likely to be faster than its row of
    /// <see cref="ConvS8"/>.</summary>
    public static bool Pays(in ConvShape s, CpuTarget target) =>
        Best(target) is { } row
        // Where int8 has products of its own, they are faster.
        && row.Name == ConvS8.Best(target).Name
        && Math.Min(s.InChannels, s.OutChannels) >= MinChannels
        && row.PackedBytes(s) <= MaxBytes
        && TileGrid.Gain(s, row.TileRows) >= MinGain;

    sealed class Tiled<TIsa, TShorts, TS, TLoad, TInts, TI>(string name)
        : ConvS8.Row(name, TIsa.IsSupported, TIsa.Rows, TIsa.Columns, 0, Run)
        where TIsa : struct, IGemmS16
        where TShorts : struct, ILanes<short, TS>
        where TS : unmanaged
        where TLoad : struct, WinogradInputS8.IFlippedLoad<TLoad, TS>
        where TInts : struct, IShiftLanes<int, TI>
        where TI : unmanaged
    {
        public override int Units(in ConvShape s) => TileGrid.Of(s).Count;

        public override long PackedBytes(in ConvShape s) =>
            sizeof(short) * PanelCount(s)
            * WinogradWeightsS8.PanelValues(s.InChannels, TileColumns);

        public override PackedLayout Layout(in ConvShape s) => new()
        {
            Kind = PackedKind.WinogradS8,
            Columns = (ushort)TileColumns,
            Group = (ushort)TIsa.Group,
        };

        public override long ScratchBytes(in ConvShape s) =>
            new WinogradBlockS8(s, TileRows, TileColumns, null).ScratchBytes;

        public override void Pack(
            in ConvS8.Args args, byte* weights, nint columnStride, nint depthStride, byte flip,
            int* bias, float* scale)
        {
            WinogradWeightsS8.Pack(
                args.Shape, weights, columnStride, depthStride, flip, TileColumns, TIsa.Group,
                (short*)args.Panels, args.Sums);
            PackTerms(args, bias, scale);
        }

        static new void Run(
            in ConvS8.Args args, int tileBegin, int tileEnd, int panelBegin, int panelEnd,
            byte* scratch)
        {
            ref readonly ConvShape s = ref args.Shape;
            TileGrid grid = TileGrid.Of(s);
            var block = new WinogradBlockS8(s, TIsa.Rows, TIsa.Columns, scratch);
            new Span<byte>(block.Outside, s.InChannels)
                .Fill((byte)(args.InputZero ^ args.InputFlip));
            nint panelValues = (nint)WinogradWeightsS8.PanelValues(s.InChannels, TIsa.Columns);
            for (int first = tileBegin; first < tileEnd; first += block.Tiles)
            {
                int count = Math.Min(block.Tiles, tileEnd - first);
                for (int i = 0, line; i < count; i += line)
                {
                    line = Math.Min(grid.LeftInLine(first + i), count - i);
                    WinogradInputS8.Line<TShorts, TS, TLoad>(
                        args, grid.At(first + i), line, block, (nint)i * s.InChannels);
                }
                for (int panel = panelBegin; panel < panelEnd; panel++)
                {
                    Products(
                        block, s.InChannels, (short*)args.Panels + panel * panelValues, count);
                    for (int i = 0, line; i < count; i += line)
                    {
                        line = Math.Min(grid.LeftInLine(first + i), count - i);
                        WinogradOutputS8.Line<TIsa, TInts, TI>(
                            args, grid.At(first + i), line, block, i, panel * TIsa.Columns);
                    }
                }
            }
        }

        static void Products(in WinogradBlockS8 block, int depth, short* weights, int count)
        {
            int rows = (count + TIsa.Rows - 1) / TIsa.Rows * TIsa.Rows;
            for (int f = 0; f < TileGrid.Frequencies; f++)
            {
                TIsa.Run(
                    block.Inputs + f * block.InputStride, rows, depth,
                    weights + (nint)f * depth * TIsa.Columns,
                    block.Products + f * block.ProductStride);
            }
        }
    }
}
