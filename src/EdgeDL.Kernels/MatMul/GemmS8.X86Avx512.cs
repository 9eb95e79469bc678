using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS8
{
    /// <summary>
    /// 8×32 by vpmaddwd: a pair of depths at a time, int16 × int16 summed exactly in int32.
    /// </summary>
    internal readonly struct X86Avx512 : IGemmS8
    {
        public static bool IsSupported => Avx512BW.IsSupported;
        public static int Rows => 8;
        public static int Columns => 32;
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
            var b0 = Vector512.Load(bias);
            var b1 = Vector512.Load(bias + 16);
            var c00 = b0 + Vector512.Create(offset[0]);
            var c01 = b1 + Vector512.Create(offset[0]);
            var c10 = b0 + Vector512.Create(offset[1]);
            var c11 = b1 + Vector512.Create(offset[1]);
            var c20 = b0 + Vector512.Create(offset[2]);
            var c21 = b1 + Vector512.Create(offset[2]);
            var c30 = b0 + Vector512.Create(offset[3]);
            var c31 = b1 + Vector512.Create(offset[3]);
            var c40 = b0 + Vector512.Create(offset[4]);
            var c41 = b1 + Vector512.Create(offset[4]);
            var c50 = b0 + Vector512.Create(offset[5]);
            var c51 = b1 + Vector512.Create(offset[5]);
            var c60 = b0 + Vector512.Create(offset[6]);
            var c61 = b1 + Vector512.Create(offset[6]);
            var c70 = b0 + Vector512.Create(offset[7]);
            var c71 = b1 + Vector512.Create(offset[7]);
            byte* a0 = rows[0], a1 = rows[1], a2 = rows[2], a3 = rows[3];
            byte* a4 = rows[4], a5 = rows[5], a6 = rows[6], a7 = rows[7];
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 4, panel += 64)
                {
                    var w0 = Load(panel);
                    var w1 = Load(panel + 32);
                    var x = Vector512.Create(*(int*)(a0 + k)).AsInt16();
                    c00 += Avx512BW.MultiplyAddAdjacent(x, w0);
                    c01 += Avx512BW.MultiplyAddAdjacent(x, w1);
                    x = Vector512.Create(*(int*)(a1 + k)).AsInt16();
                    c10 += Avx512BW.MultiplyAddAdjacent(x, w0);
                    c11 += Avx512BW.MultiplyAddAdjacent(x, w1);
                    x = Vector512.Create(*(int*)(a2 + k)).AsInt16();
                    c20 += Avx512BW.MultiplyAddAdjacent(x, w0);
                    c21 += Avx512BW.MultiplyAddAdjacent(x, w1);
                    x = Vector512.Create(*(int*)(a3 + k)).AsInt16();
                    c30 += Avx512BW.MultiplyAddAdjacent(x, w0);
                    c31 += Avx512BW.MultiplyAddAdjacent(x, w1);
                    x = Vector512.Create(*(int*)(a4 + k)).AsInt16();
                    c40 += Avx512BW.MultiplyAddAdjacent(x, w0);
                    c41 += Avx512BW.MultiplyAddAdjacent(x, w1);
                    x = Vector512.Create(*(int*)(a5 + k)).AsInt16();
                    c50 += Avx512BW.MultiplyAddAdjacent(x, w0);
                    c51 += Avx512BW.MultiplyAddAdjacent(x, w1);
                    x = Vector512.Create(*(int*)(a6 + k)).AsInt16();
                    c60 += Avx512BW.MultiplyAddAdjacent(x, w0);
                    c61 += Avx512BW.MultiplyAddAdjacent(x, w1);
                    x = Vector512.Create(*(int*)(a7 + k)).AsInt16();
                    c70 += Avx512BW.MultiplyAddAdjacent(x, w0);
                    c71 += Avx512BW.MultiplyAddAdjacent(x, w1);
                }
            }
            int* c = terms.Sums;
            c00.Store(c);
            c01.Store(c + 16);
            c10.Store(c + 32);
            c11.Store(c + 48);
            c20.Store(c + 64);
            c21.Store(c + 80);
            c30.Store(c + 96);
            c31.Store(c + 112);
            c40.Store(c + 128);
            c41.Store(c + 144);
            c50.Store(c + 160);
            c51.Store(c + 176);
            c60.Store(c + 192);
            c61.Store(c + 208);
            c70.Store(c + 224);
            c71.Store(c + 240);
        }

        public static void Half(in GemmTermsS8 terms) => Tile(terms);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(in GemmTermsS8 terms)
        {
            byte* a = terms.Rows[0];
            nint* taps = terms.Taps;
            nint bytes = 2 * (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            int* bias = terms.Bias, c = terms.Sums;
            int offset = terms.Offsets[0];
            var c0 = Vector512.Load(bias) + Vector512.Create(offset);
            var c1 = Vector512.Load(bias + 16) + Vector512.Create(offset);
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 4, panel += 64)
                {
                    var x = Vector512.Create(*(int*)(a + k)).AsInt16();
                    c0 += Avx512BW.MultiplyAddAdjacent(x, Load(panel));
                    c1 += Avx512BW.MultiplyAddAdjacent(x, Load(panel + 32));
                }
            }
            c0.Store(c);
            c1.Store(c + 16);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<short> Load(sbyte* panel) =>
            Avx512BW.ConvertToVector512Int16(Vector256.Load(panel));

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.X86Avx2.Rows(
                acc, Columns, rows, scale, width, range, y, stride);
    }
}
