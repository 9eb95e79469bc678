namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    internal readonly struct Scalar : IGemmF32
    {
        public static bool IsSupported => true;
        public static int Rows => 2;
        public static int Columns => 4;

        public static void Tile(
            float** rows, int taps, int depth, float* panel, float* c, nint stride, int valid,
            float min, float max)
        {
            for (int i = 0; i < valid; i++)
            {
                Line(rows + i, Rows, taps, depth, panel, c + i * stride, min, max);
            }
        }

        public static void Line(
            float** rows, int step, int taps, int depth, float* panel, float* c,
            float min, float max)
        {
            float c0 = panel[0], c1 = panel[1], c2 = panel[2], c3 = panel[3];
            float* w = panel + 4;
            for (int t = 0; t < taps; t++)
            {
                float* a = rows[t * step];
                for (int k = 0; k < depth; k++, w += 4)
                {
                    c0 += a[k] * w[0];
                    c1 += a[k] * w[1];
                    c2 += a[k] * w[2];
                    c3 += a[k] * w[3];
                }
            }
            c[0] = MathF.Min(MathF.Max(c0, min), max);
            c[1] = MathF.Min(MathF.Max(c1, min), max);
            c[2] = MathF.Min(MathF.Max(c2, min), max);
            c[3] = MathF.Min(MathF.Max(c3, min), max);
        }
    }
}
