using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS8
{
    internal readonly struct Scalar : IGemmS8
    {
        public static bool IsSupported => true;
        public static int Rows => 2;
        public static int Columns => 4;
        public static int Group => 1;
        public static bool IsWide => false;
        public static byte Flip => 0;

        public static void Tile(in GemmTermsS8 terms)
        {
            GemmTermsS8 second = terms;
            second.Rows++;
            second.Offsets++;
            second.Sums += Columns;
            Line(terms);
            Line(second);
        }

        public static void Half(in GemmTermsS8 terms) => Tile(terms);

        public static void Line(in GemmTermsS8 terms)
        {
            sbyte* panel = terms.Panel;
            int* bias = terms.Bias;
            int offset = terms.Offsets[0];
            int c0 = bias[0] + offset, c1 = bias[1] + offset;
            int c2 = bias[2] + offset, c3 = bias[3] + offset;
            for (int t = 0; t < terms.TapCount; t++)
            {
                sbyte* row = (sbyte*)terms.Rows[0] + terms.Taps[t];
                for (int k = 0; k < terms.Depth; k++, panel += 4)
                {
                    c0 += row[k] * panel[0];
                    c1 += row[k] * panel[1];
                    c2 += row[k] * panel[2];
                    c3 += row[k] * panel[3];
                }
            }
            terms.Sums[0] = c0;
            terms.Sums[1] = c1;
            terms.Sums[2] = c2;
            terms.Sums[3] = c3;
        }

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.Scalar.Rows(
                acc, Columns, rows, scale, width, range, y, stride);
    }
}
