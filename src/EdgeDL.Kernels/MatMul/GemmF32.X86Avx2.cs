using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    /// <summary>6×16: twelve accumulators cover two FMA pipes of latency four or five.</summary>
    internal readonly struct X86Avx2 : IGemmF32
    {
        public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;
        public static int Rows => 6;
        public static int Columns => 16;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Tile(
            float** rows, int taps, int depth, float* panel, float* c, nint stride, int valid,
            float min, float max)
        {
            Vector256<float> c00 = Avx.LoadVector256(panel), c01 = Avx.LoadVector256(panel + 8);
            Vector256<float> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
            Vector256<float> c40 = c00, c41 = c01, c50 = c00, c51 = c01;
            float* w = panel + 16;
            for (int t = 0; t < taps; t++, rows += 6)
            {
                float* a0 = rows[0], a1 = rows[1], a2 = rows[2];
                float* a3 = rows[3], a4 = rows[4], a5 = rows[5];
                for (nint k = 0; k < depth; k++, w += 16)
                {
                    Vector256<float> w0 = Avx.LoadVector256(w), w1 = Avx.LoadVector256(w + 8);
                    var a = Avx.BroadcastScalarToVector256(a0 + k);
                    c00 = Fma.MultiplyAdd(a, w0, c00);
                    c01 = Fma.MultiplyAdd(a, w1, c01);
                    a = Avx.BroadcastScalarToVector256(a1 + k);
                    c10 = Fma.MultiplyAdd(a, w0, c10);
                    c11 = Fma.MultiplyAdd(a, w1, c11);
                    a = Avx.BroadcastScalarToVector256(a2 + k);
                    c20 = Fma.MultiplyAdd(a, w0, c20);
                    c21 = Fma.MultiplyAdd(a, w1, c21);
                    a = Avx.BroadcastScalarToVector256(a3 + k);
                    c30 = Fma.MultiplyAdd(a, w0, c30);
                    c31 = Fma.MultiplyAdd(a, w1, c31);
                    a = Avx.BroadcastScalarToVector256(a4 + k);
                    c40 = Fma.MultiplyAdd(a, w0, c40);
                    c41 = Fma.MultiplyAdd(a, w1, c41);
                    a = Avx.BroadcastScalarToVector256(a5 + k);
                    c50 = Fma.MultiplyAdd(a, w0, c50);
                    c51 = Fma.MultiplyAdd(a, w1, c51);
                }
            }
            Vector256<float> low = Vector256.Create(min), high = Vector256.Create(max);
            Store(c, c00, c01, low, high);
            Store(c += valid > 1 ? stride : 0, c10, c11, low, high);
            Store(c += valid > 2 ? stride : 0, c20, c21, low, high);
            Store(c += valid > 3 ? stride : 0, c30, c31, low, high);
            Store(c += valid > 4 ? stride : 0, c40, c41, low, high);
            Store(c + (valid > 5 ? stride : 0), c50, c51, low, high);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(
            float** rows, int step, int taps, int depth, float* panel, float* c,
            float min, float max)
        {
            Vector256<float> c0 = Avx.LoadVector256(panel), c1 = Avx.LoadVector256(panel + 8);
            float* w = panel + 16;
            for (int t = 0; t < taps; t++)
            {
                float* row = rows[(nint)t * step];
                for (nint k = 0; k < depth; k++, w += 16)
                {
                    var a = Avx.BroadcastScalarToVector256(row + k);
                    c0 = Fma.MultiplyAdd(a, Avx.LoadVector256(w), c0);
                    c1 = Fma.MultiplyAdd(a, Avx.LoadVector256(w + 8), c1);
                }
            }
            Store(c, c0, c1, Vector256.Create(min), Vector256.Create(max));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(
            float* c, Vector256<float> c0, Vector256<float> c1,
            Vector256<float> low, Vector256<float> high)
        {
            Avx.Store(c, Avx.Min(high, Avx.Max(low, c0)));
            Avx.Store(c + 8, Avx.Min(high, Avx.Max(low, c1)));
        }
    }
}
