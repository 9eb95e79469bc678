using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS8
{
    /// <summary>8×8 by SDOT: four depths of four columns an instruction.</summary>
    internal readonly struct ArmDp : IGemmS8
    {
        public static bool IsSupported => Dp.IsSupported;
        public static int Rows => 8;
        public static int Columns => 8;
        public static int Group => 4;
        public static bool IsWide => false;
        public static byte Flip => 0;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Tile(in GemmTermsS8 terms)
        {
            byte** rows = terms.Rows;
            nint* taps = terms.Taps;
            nint bytes = (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            int* bias = terms.Bias, offset = terms.Offsets;
            Vector128<int> b0 = Vector128.Load(bias), b1 = Vector128.Load(bias + 4);
            var o0 = Vector128.Create(offset[0]);
            var o1 = Vector128.Create(offset[1]);
            var o2 = Vector128.Create(offset[2]);
            var o3 = Vector128.Create(offset[3]);
            var o4 = Vector128.Create(offset[4]);
            var o5 = Vector128.Create(offset[5]);
            var o6 = Vector128.Create(offset[6]);
            var o7 = Vector128.Create(offset[7]);
            Vector128<int> c00 = b0 + o0, c01 = b1 + o0;
            Vector128<int> c10 = b0 + o1, c11 = b1 + o1;
            Vector128<int> c20 = b0 + o2, c21 = b1 + o2;
            Vector128<int> c30 = b0 + o3, c31 = b1 + o3;
            Vector128<int> c40 = b0 + o4, c41 = b1 + o4;
            Vector128<int> c50 = b0 + o5, c51 = b1 + o5;
            Vector128<int> c60 = b0 + o6, c61 = b1 + o6;
            Vector128<int> c70 = b0 + o7, c71 = b1 + o7;
            sbyte* a0 = (sbyte*)rows[0], a1 = (sbyte*)rows[1], a2 = (sbyte*)rows[2];
            sbyte* a3 = (sbyte*)rows[3], a4 = (sbyte*)rows[4], a5 = (sbyte*)rows[5];
            sbyte* a6 = (sbyte*)rows[6], a7 = (sbyte*)rows[7];
            for (int t = 0; t < terms.TapCount; t++)
            {
                nint k = taps[t], end = k + bytes;
                for (; k <= end - 16; k += 16)
                {
                    Vector128<sbyte> x0 = Vector128.Load(a0 + k), x1 = Vector128.Load(a1 + k);
                    Vector128<sbyte> x2 = Vector128.Load(a2 + k), x3 = Vector128.Load(a3 + k);
                    Vector128<sbyte> x4 = Vector128.Load(a4 + k), x5 = Vector128.Load(a5 + k);
                    Vector128<sbyte> x6 = Vector128.Load(a6 + k), x7 = Vector128.Load(a7 + k);
                    Vector128<sbyte> w0 = Vector128.Load(panel), w1 = Vector128.Load(panel + 16);
                    c00 = Dot(c00, w0, x0, 0);
                    c01 = Dot(c01, w1, x0, 0);
                    c10 = Dot(c10, w0, x1, 0);
                    c11 = Dot(c11, w1, x1, 0);
                    c20 = Dot(c20, w0, x2, 0);
                    c21 = Dot(c21, w1, x2, 0);
                    c30 = Dot(c30, w0, x3, 0);
                    c31 = Dot(c31, w1, x3, 0);
                    c40 = Dot(c40, w0, x4, 0);
                    c41 = Dot(c41, w1, x4, 0);
                    c50 = Dot(c50, w0, x5, 0);
                    c51 = Dot(c51, w1, x5, 0);
                    c60 = Dot(c60, w0, x6, 0);
                    c61 = Dot(c61, w1, x6, 0);
                    c70 = Dot(c70, w0, x7, 0);
                    c71 = Dot(c71, w1, x7, 0);
                    w0 = Vector128.Load(panel + 32);
                    w1 = Vector128.Load(panel + 48);
                    c00 = Dot(c00, w0, x0, 1);
                    c01 = Dot(c01, w1, x0, 1);
                    c10 = Dot(c10, w0, x1, 1);
                    c11 = Dot(c11, w1, x1, 1);
                    c20 = Dot(c20, w0, x2, 1);
                    c21 = Dot(c21, w1, x2, 1);
                    c30 = Dot(c30, w0, x3, 1);
                    c31 = Dot(c31, w1, x3, 1);
                    c40 = Dot(c40, w0, x4, 1);
                    c41 = Dot(c41, w1, x4, 1);
                    c50 = Dot(c50, w0, x5, 1);
                    c51 = Dot(c51, w1, x5, 1);
                    c60 = Dot(c60, w0, x6, 1);
                    c61 = Dot(c61, w1, x6, 1);
                    c70 = Dot(c70, w0, x7, 1);
                    c71 = Dot(c71, w1, x7, 1);
                    w0 = Vector128.Load(panel + 64);
                    w1 = Vector128.Load(panel + 80);
                    c00 = Dot(c00, w0, x0, 2);
                    c01 = Dot(c01, w1, x0, 2);
                    c10 = Dot(c10, w0, x1, 2);
                    c11 = Dot(c11, w1, x1, 2);
                    c20 = Dot(c20, w0, x2, 2);
                    c21 = Dot(c21, w1, x2, 2);
                    c30 = Dot(c30, w0, x3, 2);
                    c31 = Dot(c31, w1, x3, 2);
                    c40 = Dot(c40, w0, x4, 2);
                    c41 = Dot(c41, w1, x4, 2);
                    c50 = Dot(c50, w0, x5, 2);
                    c51 = Dot(c51, w1, x5, 2);
                    c60 = Dot(c60, w0, x6, 2);
                    c61 = Dot(c61, w1, x6, 2);
                    c70 = Dot(c70, w0, x7, 2);
                    c71 = Dot(c71, w1, x7, 2);
                    w0 = Vector128.Load(panel + 96);
                    w1 = Vector128.Load(panel + 112);
                    c00 = Dot(c00, w0, x0, 3);
                    c01 = Dot(c01, w1, x0, 3);
                    c10 = Dot(c10, w0, x1, 3);
                    c11 = Dot(c11, w1, x1, 3);
                    c20 = Dot(c20, w0, x2, 3);
                    c21 = Dot(c21, w1, x2, 3);
                    c30 = Dot(c30, w0, x3, 3);
                    c31 = Dot(c31, w1, x3, 3);
                    c40 = Dot(c40, w0, x4, 3);
                    c41 = Dot(c41, w1, x4, 3);
                    c50 = Dot(c50, w0, x5, 3);
                    c51 = Dot(c51, w1, x5, 3);
                    c60 = Dot(c60, w0, x6, 3);
                    c61 = Dot(c61, w1, x6, 3);
                    c70 = Dot(c70, w0, x7, 3);
                    c71 = Dot(c71, w1, x7, 3);
                    panel += 128;
                }
                for (; k < end; k += 4, panel += 32)
                {
                    Vector128<sbyte> w0 = Vector128.Load(panel), w1 = Vector128.Load(panel + 16);
                    var x = Quad(a0 + k);
                    c00 = Dp.DotProduct(c00, w0, x);
                    c01 = Dp.DotProduct(c01, w1, x);
                    x = Quad(a1 + k);
                    c10 = Dp.DotProduct(c10, w0, x);
                    c11 = Dp.DotProduct(c11, w1, x);
                    x = Quad(a2 + k);
                    c20 = Dp.DotProduct(c20, w0, x);
                    c21 = Dp.DotProduct(c21, w1, x);
                    x = Quad(a3 + k);
                    c30 = Dp.DotProduct(c30, w0, x);
                    c31 = Dp.DotProduct(c31, w1, x);
                    x = Quad(a4 + k);
                    c40 = Dp.DotProduct(c40, w0, x);
                    c41 = Dp.DotProduct(c41, w1, x);
                    x = Quad(a5 + k);
                    c50 = Dp.DotProduct(c50, w0, x);
                    c51 = Dp.DotProduct(c51, w1, x);
                    x = Quad(a6 + k);
                    c60 = Dp.DotProduct(c60, w0, x);
                    c61 = Dp.DotProduct(c61, w1, x);
                    x = Quad(a7 + k);
                    c70 = Dp.DotProduct(c70, w0, x);
                    c71 = Dp.DotProduct(c71, w1, x);
                }
            }
            int* c = terms.Sums;
            c00.Store(c);
            c01.Store(c + 4);
            c10.Store(c + 8);
            c11.Store(c + 12);
            c20.Store(c + 16);
            c21.Store(c + 20);
            c30.Store(c + 24);
            c31.Store(c + 28);
            c40.Store(c + 32);
            c41.Store(c + 36);
            c50.Store(c + 40);
            c51.Store(c + 44);
            c60.Store(c + 48);
            c61.Store(c + 52);
            c70.Store(c + 56);
            c71.Store(c + 60);
        }

        public static void Half(in GemmTermsS8 terms) => Tile(terms);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(in GemmTermsS8 terms)
        {
            byte* a = terms.Rows[0];
            nint* taps = terms.Taps;
            nint bytes = (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            int* bias = terms.Bias, c = terms.Sums;
            int offset = terms.Offsets[0];
            var o = Vector128.Create(offset);
            Vector128<int> c0 = Vector128.Load(bias) + o, c1 = Vector128.Load(bias + 4) + o;
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 4, panel += 32)
                {
                    var x = Quad((sbyte*)a + k);
                    c0 = Dp.DotProduct(c0, Vector128.Load(panel), x);
                    c1 = Dp.DotProduct(c1, Vector128.Load(panel + 16), x);
                }
            }
            c0.Store(c);
            c1.Store(c + 4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<sbyte> Quad(sbyte* a) => Vector128.Create(*(int*)a).AsSByte();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<int> Dot(
            Vector128<int> c, Vector128<sbyte> w, Vector128<sbyte> x,
            [ConstantExpected(Max = (byte)3)] byte lane) =>
            Dp.DotProductBySelectedQuadruplet(c, w, x, lane);

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.Vec128.Rows(
                acc, Columns, rows, scale, width, range, y, stride);
    }
}
