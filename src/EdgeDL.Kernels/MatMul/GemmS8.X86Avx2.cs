using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS8
{
    /// <summary>
    /// 6×16 by vpmaddwd: a pair of depths at a time, int16 × int16 summed exactly in int32.
    /// </summary>
    internal readonly struct X86Avx2 : IGemmS8
    {
        public static bool IsSupported => Avx2.IsSupported;
        public static int Rows => 6;
        public static int Columns => 16;
        public static int Group => 2;
        public static bool IsWide => true;
        public static byte Flip => 0;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Tile(in GemmTermsS8 terms)
        {
            byte** rows = terms.Rows;
            nint* taps = terms.Taps;
            nint bytes = 2 * (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            int* bias = terms.Bias, offset = terms.Offsets;
            var b0 = Vector256.Load(bias);
            var b1 = Vector256.Load(bias + 8);
            var c00 = b0 + Vector256.Create(offset[0]);
            var c01 = b1 + Vector256.Create(offset[0]);
            var c10 = b0 + Vector256.Create(offset[1]);
            var c11 = b1 + Vector256.Create(offset[1]);
            var c20 = b0 + Vector256.Create(offset[2]);
            var c21 = b1 + Vector256.Create(offset[2]);
            var c30 = b0 + Vector256.Create(offset[3]);
            var c31 = b1 + Vector256.Create(offset[3]);
            var c40 = b0 + Vector256.Create(offset[4]);
            var c41 = b1 + Vector256.Create(offset[4]);
            var c50 = b0 + Vector256.Create(offset[5]);
            var c51 = b1 + Vector256.Create(offset[5]);
            byte* a0 = rows[0], a1 = rows[1], a2 = rows[2], a3 = rows[3];
            byte* a4 = rows[4], a5 = rows[5];
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 4, panel += 32)
                {
                    var w0 = Avx2.ConvertToVector256Int16(panel);
                    var w1 = Avx2.ConvertToVector256Int16(panel + 16);
                    var x = Vector256.Create(*(int*)(a0 + k)).AsInt16();
                    c00 += Avx2.MultiplyAddAdjacent(x, w0);
                    c01 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Vector256.Create(*(int*)(a1 + k)).AsInt16();
                    c10 += Avx2.MultiplyAddAdjacent(x, w0);
                    c11 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Vector256.Create(*(int*)(a2 + k)).AsInt16();
                    c20 += Avx2.MultiplyAddAdjacent(x, w0);
                    c21 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Vector256.Create(*(int*)(a3 + k)).AsInt16();
                    c30 += Avx2.MultiplyAddAdjacent(x, w0);
                    c31 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Vector256.Create(*(int*)(a4 + k)).AsInt16();
                    c40 += Avx2.MultiplyAddAdjacent(x, w0);
                    c41 += Avx2.MultiplyAddAdjacent(x, w1);
                    x = Vector256.Create(*(int*)(a5 + k)).AsInt16();
                    c50 += Avx2.MultiplyAddAdjacent(x, w0);
                    c51 += Avx2.MultiplyAddAdjacent(x, w1);
                }
            }
            int* c = terms.Sums;
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

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Half(in GemmTermsS8 terms)
        {
            byte** rows = terms.Rows;
            nint* taps = terms.Taps;
            nint bytes = 2 * (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            int* offset = terms.Offsets;
            var bias = Vector256.Load(terms.Bias);
            var c0 = bias + Vector256.Create(offset[0]);
            var c1 = bias + Vector256.Create(offset[1]);
            var c2 = bias + Vector256.Create(offset[2]);
            var c3 = bias + Vector256.Create(offset[3]);
            var c4 = bias + Vector256.Create(offset[4]);
            var c5 = bias + Vector256.Create(offset[5]);
            byte* a0 = rows[0], a1 = rows[1], a2 = rows[2], a3 = rows[3];
            byte* a4 = rows[4], a5 = rows[5];
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 4, panel += 32)
                {
                    var w = Avx2.ConvertToVector256Int16(panel);
                    c0 += Avx2.MultiplyAddAdjacent(Pair(a0 + k), w);
                    c1 += Avx2.MultiplyAddAdjacent(Pair(a1 + k), w);
                    c2 += Avx2.MultiplyAddAdjacent(Pair(a2 + k), w);
                    c3 += Avx2.MultiplyAddAdjacent(Pair(a3 + k), w);
                    c4 += Avx2.MultiplyAddAdjacent(Pair(a4 + k), w);
                    c5 += Avx2.MultiplyAddAdjacent(Pair(a5 + k), w);
                }
            }
            int* c = terms.Sums;
            c0.Store(c);
            c1.Store(c + 16);
            c2.Store(c + 32);
            c3.Store(c + 48);
            c4.Store(c + 64);
            c5.Store(c + 80);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<short> Pair(byte* a) => Vector256.Create(*(int*)a).AsInt16();

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(in GemmTermsS8 terms)
        {
            byte* a = terms.Rows[0];
            nint* taps = terms.Taps;
            nint bytes = 2 * (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            int* bias = terms.Bias, c = terms.Sums;
            int offset = terms.Offsets[0];
            var c0 = Vector256.Load(bias) + Vector256.Create(offset);
            var c1 = Vector256.Load(bias + 8) + Vector256.Create(offset);
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 4, panel += 32)
                {
                    var x = Vector256.Create(*(int*)(a + k)).AsInt16();
                    c0 += Avx2.MultiplyAddAdjacent(x, Avx2.ConvertToVector256Int16(panel));
                    c1 += Avx2.MultiplyAddAdjacent(x, Avx2.ConvertToVector256Int16(panel + 16));
                }
            }
            c0.Store(c);
            c1.Store(c + 8);
        }

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.X86Avx2.Rows(
                acc, Columns, rows, scale, width, range, y, stride);
    }
}
