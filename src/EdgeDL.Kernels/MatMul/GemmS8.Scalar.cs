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

        public static void Tile(
            byte* a, nint stride, int depth, sbyte* panel, int* bias, int* offset, int* c)
        {
            Line(a, depth, panel, bias, offset[0], c);
            Line(a + stride, depth, panel, bias, offset[1], c + 4);
        }

        public static void Line(
            byte* a, int depth, sbyte* panel, int* bias, int offset, int* c)
        {
            sbyte* row = (sbyte*)a;
            int c0 = bias[0] + offset, c1 = bias[1] + offset;
            int c2 = bias[2] + offset, c3 = bias[3] + offset;
            for (int k = 0; k < depth; k++, panel += 4)
            {
                c0 += row[k] * panel[0];
                c1 += row[k] * panel[1];
                c2 += row[k] * panel[2];
                c3 += row[k] * panel[3];
            }
            c[0] = c0;
            c[1] = c1;
            c[2] = c2;
            c[3] = c3;
        }

        public static void Requantize(
            int* acc, float* scale, int count, Requantize.Range range, byte* y) =>
            Quant.Requantize.Scalar.Run(acc, scale, count, range, y);
    }
}
