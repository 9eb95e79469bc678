using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    /// <summary>8×32: sixteen accumulators, and no more row pointers than registers.</summary>
    internal readonly struct X86Avx512 : IGemmF32
    {
        public static bool IsSupported => Avx512F.IsSupported;
        public static int Rows => 8;
        public static int Columns => 32;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Tile(
            float** rows, int taps, int depth, float* panel, float* c, nint stride, int valid,
            float min, float max)
        {
            var c00 = Avx512F.LoadVector512(panel);
            var c01 = Avx512F.LoadVector512(panel + 16);
            Vector512<float> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
            Vector512<float> c40 = c00, c41 = c01, c50 = c00, c51 = c01;
            Vector512<float> c60 = c00, c61 = c01, c70 = c00, c71 = c01;
            float* w = panel + 32;
            for (int t = 0; t < taps; t++, rows += 8)
            {
                float* a0 = rows[0], a1 = rows[1], a2 = rows[2];
                float* a3 = rows[3], a4 = rows[4], a5 = rows[5];
                float* a6 = rows[6], a7 = rows[7];
                for (nint k = 0; k < depth; k++, w += 32)
                {
                    var w0 = Avx512F.LoadVector512(w);
                    var w1 = Avx512F.LoadVector512(w + 16);
                    var a = Vector512.Create(a0[k]);
                    c00 = Avx512F.FusedMultiplyAdd(a, w0, c00);
                    c01 = Avx512F.FusedMultiplyAdd(a, w1, c01);
                    a = Vector512.Create(a1[k]);
                    c10 = Avx512F.FusedMultiplyAdd(a, w0, c10);
                    c11 = Avx512F.FusedMultiplyAdd(a, w1, c11);
                    a = Vector512.Create(a2[k]);
                    c20 = Avx512F.FusedMultiplyAdd(a, w0, c20);
                    c21 = Avx512F.FusedMultiplyAdd(a, w1, c21);
                    a = Vector512.Create(a3[k]);
                    c30 = Avx512F.FusedMultiplyAdd(a, w0, c30);
                    c31 = Avx512F.FusedMultiplyAdd(a, w1, c31);
                    a = Vector512.Create(a4[k]);
                    c40 = Avx512F.FusedMultiplyAdd(a, w0, c40);
                    c41 = Avx512F.FusedMultiplyAdd(a, w1, c41);
                    a = Vector512.Create(a5[k]);
                    c50 = Avx512F.FusedMultiplyAdd(a, w0, c50);
                    c51 = Avx512F.FusedMultiplyAdd(a, w1, c51);
                    a = Vector512.Create(a6[k]);
                    c60 = Avx512F.FusedMultiplyAdd(a, w0, c60);
                    c61 = Avx512F.FusedMultiplyAdd(a, w1, c61);
                    a = Vector512.Create(a7[k]);
                    c70 = Avx512F.FusedMultiplyAdd(a, w0, c70);
                    c71 = Avx512F.FusedMultiplyAdd(a, w1, c71);
                }
            }
            Vector512<float> low = Vector512.Create(min), high = Vector512.Create(max);
            Store(c, c00, c01, low, high);
            Store(c += valid > 1 ? stride : 0, c10, c11, low, high);
            Store(c += valid > 2 ? stride : 0, c20, c21, low, high);
            Store(c += valid > 3 ? stride : 0, c30, c31, low, high);
            Store(c += valid > 4 ? stride : 0, c40, c41, low, high);
            Store(c += valid > 5 ? stride : 0, c50, c51, low, high);
            Store(c += valid > 6 ? stride : 0, c60, c61, low, high);
            Store(c + (valid > 7 ? stride : 0), c70, c71, low, high);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(
            float** rows, int step, int taps, int depth, float* panel, float* c,
            float min, float max)
        {
            var c0 = Avx512F.LoadVector512(panel);
            var c1 = Avx512F.LoadVector512(panel + 16);
            float* w = panel + 32;
            for (int t = 0; t < taps; t++)
            {
                float* row = rows[(nint)t * step];
                for (nint k = 0; k < depth; k++, w += 32)
                {
                    var a = Vector512.Create(row[k]);
                    c0 = Avx512F.FusedMultiplyAdd(a, Avx512F.LoadVector512(w), c0);
                    c1 = Avx512F.FusedMultiplyAdd(a, Avx512F.LoadVector512(w + 16), c1);
                }
            }
            Store(c, c0, c1, Vector512.Create(min), Vector512.Create(max));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(
            float* c, Vector512<float> c0, Vector512<float> c1,
            Vector512<float> low, Vector512<float> high)
        {
            Avx512F.Store(c, Avx512F.Min(high, Avx512F.Max(low, c0)));
            Avx512F.Store(c + 16, Avx512F.Min(high, Avx512F.Max(low, c1)));
        }
    }
}
