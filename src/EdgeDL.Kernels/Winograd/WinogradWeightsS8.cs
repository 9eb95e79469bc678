using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Kernels.Winograd;

/// <summary>2G g (2G)ᵀ of every pair of channels, as panels: whole numbers, four times as large as
/// G g Gᵀ.</summary>
static unsafe class WinogradWeightsS8
{
    const int KernelSize = 3;

    // Rows of G.
    const int Side = 4;

    /// <summary>[frequency][depth / KR][NR][KR].</summary>
    public static long PanelValues(int depth, int nr) =>
        (long)TileGrid.Frequencies * depth * nr;

    /// <summary>Weights at o · columnStride + (tap · depth + c) · depthStride, ^ flip; missing
    /// columns are zero. sums[o] = Σ of the weights.</summary>
    public static void Pack(
        in ConvShape s, byte* weights, nint columnStride, nint depthStride, byte flip, int nr,
        int kr, short* panels, int* sums)
    {
        int depth = s.InChannels;
        for (int first = 0; first < s.OutChannels; first += nr, sums += nr)
        {
            new Span<short>(panels, checked((int)PanelValues(depth, nr))).Clear();
            new Span<int>(sums, nr).Clear();
            for (int j = 0; j < Math.Min(nr, s.OutChannels - first); j++)
            {
                byte* column = weights + (first + j) * columnStride;
                for (int c = 0; c < depth; c++)
                {
                    sums[j] += Transform(
                        column + c * depthStride, depth * depthStride, flip,
                        panels + GemmS16.Place(c, j, nr, kr), (nint)depth * nr);
                }
            }
            panels += PanelValues(depth, nr);
        }
    }

    // 2G = (2 0 0; 1 1 1; 1 −1 1; 0 0 2). Returns the sum of g, which is the sixth frequency.
    static int Transform(byte* g, nint tapStride, byte flip, short* to, nint frequencyStride)
    {
        short* down = stackalloc short[Side * KernelSize];
        for (int x = 0; x < KernelSize; x++)
        {
            int g0 = (sbyte)(g[x * tapStride] ^ flip);
            int g1 = (sbyte)(g[(KernelSize + x) * tapStride] ^ flip);
            int g2 = (sbyte)(g[(2 * KernelSize + x) * tapStride] ^ flip);
            down[x] = (short)(2 * g0);
            down[KernelSize + x] = (short)(g0 + g1 + g2);
            down[2 * KernelSize + x] = (short)(g0 - g1 + g2);
            down[3 * KernelSize + x] = (short)(2 * g2);
        }
        int sum = down[KernelSize] + down[KernelSize + 1] + down[KernelSize + 2];
        for (int y = 0; y < Side; y++, to += Side * frequencyStride, down += KernelSize)
        {
            to[0] = (short)(2 * down[0]);
            to[frequencyStride] = (short)(down[0] + down[1] + down[2]);
            to[2 * frequencyStride] = (short)(down[0] - down[1] + down[2]);
            to[3 * frequencyStride] = (short)(2 * down[2]);
        }
        return sum;
    }
}
