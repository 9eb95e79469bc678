using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    /// <summary>4×8: eight accumulators, so that x64's sixteen registers suffice.</summary>
    internal readonly struct Vec128 : IGemmF32
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;
        public static int Rows => 4;
        public static int Columns => 8;

        public static void Tile(
            float** rows, int taps, int depth, float* panel, float* c, nint stride, int valid,
            float min, float max)
        {
            Vector128<float> c00 = Vector128.Load(panel), c01 = Vector128.Load(panel + 4);
            Vector128<float> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
            float* w = panel + 8;
            for (int t = 0; t < taps; t++, rows += 4)
            {
                float* a0 = rows[0], a1 = rows[1], a2 = rows[2], a3 = rows[3];
                for (nint k = 0; k < depth; k++, w += 8)
                {
                    Vector128<float> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 4);
                    var a = Vector128.Create(a0[k]);
                    c00 = Vector128.MultiplyAddEstimate(a, w0, c00);
                    c01 = Vector128.MultiplyAddEstimate(a, w1, c01);
                    a = Vector128.Create(a1[k]);
                    c10 = Vector128.MultiplyAddEstimate(a, w0, c10);
                    c11 = Vector128.MultiplyAddEstimate(a, w1, c11);
                    a = Vector128.Create(a2[k]);
                    c20 = Vector128.MultiplyAddEstimate(a, w0, c20);
                    c21 = Vector128.MultiplyAddEstimate(a, w1, c21);
                    a = Vector128.Create(a3[k]);
                    c30 = Vector128.MultiplyAddEstimate(a, w0, c30);
                    c31 = Vector128.MultiplyAddEstimate(a, w1, c31);
                }
            }
            Vector128<float> low = Vector128.Create(min), high = Vector128.Create(max);
            Store(c, c00, c01, low, high);
            Store(c += valid > 1 ? stride : 0, c10, c11, low, high);
            Store(c += valid > 2 ? stride : 0, c20, c21, low, high);
            Store(c + (valid > 3 ? stride : 0), c30, c31, low, high);
        }

        public static void Line(
            float** rows, int step, int taps, int depth, float* panel, float* c,
            float min, float max)
        {
            Vector128<float> c0 = Vector128.Load(panel), c1 = Vector128.Load(panel + 4);
            float* w = panel + 8;
            for (int t = 0; t < taps; t++)
            {
                float* row = rows[(nint)t * step];
                for (nint k = 0; k < depth; k++, w += 8)
                {
                    var a = Vector128.Create(row[k]);
                    c0 = Vector128.MultiplyAddEstimate(a, Vector128.Load(w), c0);
                    c1 = Vector128.MultiplyAddEstimate(a, Vector128.Load(w + 4), c1);
                }
            }
            Store(c, c0, c1, Vector128.Create(min), Vector128.Create(max));
        }

        static void Store(
            float* c, Vector128<float> c0, Vector128<float> c1,
            Vector128<float> low, Vector128<float> high)
        {
            Vector128.Min(Vector128.Max(c0, low), high).Store(c);
            Vector128.Min(Vector128.Max(c1, low), high).Store(c + 4);
        }
    }
}
