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
            panels = PackBias(bias == null ? null : bias + first, count, nr, panels);
            panels = PackDepths(
                w + first * columnStride, columnStride, depthStride, count, depth, nr, panels);
        }
    }

    /// <summary>The first line of a panel, or 0; returns the next.</summary>
    internal static float* PackBias(float* bias, int count, int nr, float* panel)
    {
        for (int j = 0; j < nr; j++)
        {
            panel[j] = bias != null && j < count ? bias[j] : 0;
        }
        return panel + nr;
    }

    /// <summary>Lines of a panel, 0 beyond <paramref name="count"/>; returns the next.</summary>
    internal static float* PackDepths(
        float* from, nint columnStride, nint depthStride, int count, int depth, int nr,
        float* panel)
    {
        for (int k = 0; k < depth; k++, panel += nr, from += depthStride)
        {
            for (int j = 0; j < count; j++)
            {
                panel[j] = from[j * columnStride];
            }
            for (int j = count; j < nr; j++)
            {
                panel[j] = 0;
            }
        }
        return panel;
    }
}
