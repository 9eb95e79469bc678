using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS16
{
    /// <summary>6×16 by vpmaddwd: a pair of depths at a time.</summary>
    internal readonly struct X86Avx2 : IGemmS16
    {
        public static bool IsSupported => Avx2.IsSupported;
        public static int Rows => 6;
        public static int Columns => 16;
        public static int Group => 2;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run(short* a, int rows, int depth, short* panel, int* c)
        {
            nint stride = depth;
            for (int i = 0; i < rows; i += 6, a += 6 * stride, c += 96)
            {
                Vector256<int> c00 = default, c01 = default, c10 = default, c11 = default;
                Vector256<int> c20 = default, c21 = default, c30 = default, c31 = default;
                Vector256<int> c40 = default, c41 = default, c50 = default, c51 = default;
                short* a1 = a + stride, a2 = a1 + stride, a3 = a2 + stride;
                short* a4 = a3 + stride, a5 = a4 + stride, w = panel;
                for (nint k = 0; k < stride; k += 2, w += 32)
                {
                    Vector256<short> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 16);
                    var x = Pair(a + k);
                    c00 += Avx2.MultiplyAddAdjacent(x, w0);
                    c01 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Pair(a1 + k);
                    c10 += Avx2.MultiplyAddAdjacent(x, w0);
                    c11 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Pair(a2 + k);
                    c20 += Avx2.MultiplyAddAdjacent(x, w0);
                    c21 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Pair(a3 + k);
                    c30 += Avx2.MultiplyAddAdjacent(x, w0);
                    c31 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Pair(a4 + k);
                    c40 += Avx2.MultiplyAddAdjacent(x, w0);
                    c41 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Pair(a5 + k);
                    c50 += Avx2.MultiplyAddAdjacent(x, w0);
                    c51 += Avx2.MultiplyAddAdjacent(x, w1);
                }
                c00.Store(c);
                c01.Store(c + 8);
                c10.Store(c + 16);
                c11.Store(c + 24);
                c20.Store(c + 32);
                c21.Store(c + 40);
                c30.Store(c + 48);
                c31.Store(c + 56);
                c40.Store(c + 64);
                c41.Store(c + 72);
                c50.Store(c + 80);
                c51.Store(c + 88);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<short> Pair(short* a) => Vector256.Create(*(int*)a).AsInt16();

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.X86Avx2.Rows(acc, Columns, rows, scale, width, range, y, stride);
    }
}
