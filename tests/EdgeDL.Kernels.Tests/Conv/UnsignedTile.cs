using EdgeDL.Kernels.MatMul;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Tests.Conv;

/// <summary>What the emitted vpdpbusd tile computes, in plain arithmetic and in the same layout:
/// holds the flip of rows and bias on processors without the instruction.</summary>
readonly unsafe struct UnsignedTile : IGemmS8
{
    public static bool IsSupported => true;
    public static int Rows => GemmS8X64Code.Rows;
    public static int Columns => GemmS8X64Code.Columns;
    public static int Group => GemmS8X64Code.Group;
    public static bool IsWide => false;
    public static byte Flip => 0x80;

    public static void Tile(in GemmTermsS8 terms) => Run(terms, Rows, Columns);

    public static void Half(in GemmTermsS8 terms) => Run(terms, Rows, Columns / 2);

    public static void Line(in GemmTermsS8 terms) => Run(terms, 1, Columns);

    static void Run(in GemmTermsS8 terms, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                int sum = terms.Bias[j] + terms.Offsets[i];
                for (int n = 0; n < terms.TapCount * terms.Depth; n++)
                {
                    int k = n % terms.Depth;
                    byte x = terms.Rows[i][terms.Taps[n / terms.Depth] + k];
                    int at = (n / Group * Columns + j) * Group + n % Group;
                    sum += x * terms.Panel[at];
                }
                terms.Sums[i * Columns + j] = sum;
            }
        }
    }

    public static void Requantize(
        int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
        nint stride) =>
        EdgeDL.Kernels.Quant.Requantize.Scalar.Rows(
            acc, Columns, rows, scale, width, range, y, stride);
}
