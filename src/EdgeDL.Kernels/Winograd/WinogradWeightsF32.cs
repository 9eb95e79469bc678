using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Winograd;

/// <summary>G g Gᵀ of every pair of channels, as panels.</summary>
static unsafe class WinogradWeightsF32
{
    const int KernelSize = 3;

    // Rows of G.
    const int Side = 4;

    /// <summary>bias[NR], then [frequency][depth][NR].</summary>
    public static long PanelFloats(int depth, int nr) =>
        nr * (1 + (long)TileGrid.Frequencies * depth);

    /// <summary>Weights at o · columnStride + (tap · depth + c) · depthStride; missing columns are
    /// zero. A null bias is zero.</summary>
    public static void Pack(
        in ConvShape s, float* weights, nint columnStride, nint depthStride, float* bias, int nr,
        float* panels)
    {
        int depth = s.InChannels;
        nint tapStride = depth * depthStride;
        new Span<float>(panels, nr).Clear();
        for (int first = 0; first < s.OutChannels; first += nr)
        {
            float* panel = panels + first / nr * PanelFloats(depth, nr);
            float* to = panel + nr;
            for (int j = 0; j < nr; j++)
            {
                int o = first + j;
                panel[j] = bias != null && o < s.OutChannels ? bias[o] : 0;
                for (int c = 0; c < depth; c++)
                {
                    if (o < s.OutChannels)
                    {
                        Transform(
                            weights + o * columnStride + c * depthStride, tapStride,
                            to + (nint)c * nr + j, (nint)depth * nr);
                    }
                    else
                    {
                        Clear(to + (nint)c * nr + j, (nint)depth * nr);
                    }
                }
            }
        }
    }

    static void Clear(float* to, nint frequencyStride)
    {
        for (int f = 0; f < TileGrid.Frequencies; f++)
        {
            to[f * frequencyStride] = 0;
        }
    }

    // G = (1 0 0; ½ ½ ½; ½ −½ ½; 0 0 1), in doubles: each weight is rounded once.
    static void Transform(float* g, nint tapStride, float* to, nint frequencyStride)
    {
        double* down = stackalloc double[Side * KernelSize];
        for (int x = 0; x < KernelSize; x++)
        {
            double g0 = g[x * tapStride];
            double g1 = g[(KernelSize + x) * tapStride];
            double g2 = g[(2 * KernelSize + x) * tapStride];
            down[x] = g0;
            down[KernelSize + x] = (g0 + g1 + g2) / 2;
            down[2 * KernelSize + x] = (g0 - g1 + g2) / 2;
            down[3 * KernelSize + x] = g2;
        }
        for (int y = 0; y < Side; y++, to += Side * frequencyStride, down += KernelSize)
        {
            to[0] = (float)down[0];
            to[frequencyStride] = (float)((down[0] + down[1] + down[2]) / 2);
            to[2 * frequencyStride] = (float)((down[0] - down[1] + down[2]) / 2);
            to[3 * frequencyStride] = (float)down[2];
        }
    }
}
