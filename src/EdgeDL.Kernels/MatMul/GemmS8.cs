namespace EdgeDL.Kernels.MatMul;

/// <summary>int8 register tiles and the weight layout they read.</summary>
static unsafe partial class GemmS8
{
    public static int Panels(int columns, int nr) => (columns + nr - 1) / nr;

    public static int PaddedDepth(int depth, int kr) => (depth + kr - 1) / kr * kr;

    /// <summary>
    /// panel[t][k / KR][NR][KR] from w[j · columnStride + (t · depth + k) · depthStride] ^ flip
    /// (0x80 turns uint8 into int8); missing columns and depths are zero. sums[j] = Σ of the packed
    /// values.
    /// </summary>
    public static void Pack(
        byte* w, nint columnStride, nint depthStride, byte flip, int columns, int taps, int depth,
        int nr, int kr, sbyte* panels, int* sums)
    {
        int padded = PaddedDepth(depth, kr);
        for (int first = 0; first < columns; first += nr)
        {
            new Span<int>(sums + first, nr).Clear();
            byte* from = w + first * columnStride;
            for (int t = 0; t < taps; t++, from += depth * depthStride)
            {
                for (int j = 0; j < nr; j++)
                {
                    bool exists = first + j < columns;
                    byte* column = from + j * columnStride;
                    int sum = 0;
                    for (int k = 0; k < padded; k++)
                    {
                        int value =
                            exists && k < depth ? (sbyte)(column[k * depthStride] ^ flip) : 0;
                        sum += value;
                        panels[(nint)(k / kr) * nr * kr + j * kr + k % kr] = (sbyte)value;
                    }
                    sums[first + j] += sum;
                }
                panels += (nint)padded * nr;
            }
        }
    }
}
