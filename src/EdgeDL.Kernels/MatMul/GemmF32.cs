namespace EdgeDL.Kernels.MatMul;

/// <summary>fp32 register tiles and the weight layout they read.</summary>
static unsafe partial class GemmF32
{
    /// <summary>Panels of NR output channels that <paramref name="columns"/> need.</summary>
    public static int Panels(int columns, int nr) => (columns + nr - 1) / nr;

    /// <summary>
    /// panel = bias[NR], w[depth][NR] from w[j · columnStride + k · depthStride]; missing columns
    /// are zero. A null bias is zero.
    /// </summary>
    public static void Pack(
        float* w, nint columnStride, nint depthStride, float* bias, int columns, int depth, int nr,
        float* panels)
    {
        for (int first = 0; first < columns; first += nr)
        {
            int count = Math.Min(nr, columns - first);
            for (int j = 0; j < nr; j++)
            {
                panels[j] = bias != null && j < count ? bias[first + j] : 0;
            }
            panels += nr;
            float* from = w + first * columnStride;
            for (int k = 0; k < depth; k++, panels += nr, from += depthStride)
            {
                for (int j = 0; j < count; j++)
                {
                    panels[j] = from[j * columnStride];
                }
                for (int j = count; j < nr; j++)
                {
                    panels[j] = 0;
                }
            }
        }
    }
}
