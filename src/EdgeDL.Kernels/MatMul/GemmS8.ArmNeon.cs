using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS8
{
    /// <summary>6×8 by SMLAL, for cores without SDOT (Cortex-A53, A72).</summary>
    internal readonly struct ArmNeon : IGemmS8
    {
        public static bool IsSupported => AdvSimd.Arm64.IsSupported;
        public static int Rows => 6;
        public static int Columns => 8;
        public static int Group => 1;
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
            Vector128<int> b0 = Vector128.Load(bias), b1 = Vector128.Load(bias + 4);
            var o0 = Vector128.Create(offset[0]);
            var o1 = Vector128.Create(offset[1]);
            var o2 = Vector128.Create(offset[2]);
            var o3 = Vector128.Create(offset[3]);
            var o4 = Vector128.Create(offset[4]);
            var o5 = Vector128.Create(offset[5]);
            Vector128<int> c00 = b0 + o0, c01 = b1 + o0;
            Vector128<int> c10 = b0 + o1, c11 = b1 + o1;
            Vector128<int> c20 = b0 + o2, c21 = b1 + o2;
            Vector128<int> c30 = b0 + o3, c31 = b1 + o3;
            Vector128<int> c40 = b0 + o4, c41 = b1 + o4;
            Vector128<int> c50 = b0 + o5, c51 = b1 + o5;
            byte* a0 = rows[0], a1 = rows[1], a2 = rows[2], a3 = rows[3];
            byte* a4 = rows[4], a5 = rows[5];
            for (int t = 0; t < terms.TapCount; t++)
            {
                nint k = taps[t], end = k + bytes;
                for (; k <= end - 8; k += 8)
                {
                    var x0 = Vector64.Load((short*)(a0 + k));
                    var x1 = Vector64.Load((short*)(a1 + k));
                    var x2 = Vector64.Load((short*)(a2 + k));
                    var x3 = Vector64.Load((short*)(a3 + k));
                    var x4 = Vector64.Load((short*)(a4 + k));
                    var x5 = Vector64.Load((short*)(a5 + k));
                    // All weights before the first product: a core that issues in order waits once.
                    Vector128<short> w0 = Weights(panel), w1 = Weights(panel + 8);
                    Vector128<short> w2 = Weights(panel + 16), w3 = Weights(panel + 24);
                    // Upper halves first: behind them, a lower half is the register itself.
                    c01 = High(c01, w0, x0, 0);
                    c11 = High(c11, w0, x1, 0);
                    c21 = High(c21, w0, x2, 0);
                    c31 = High(c31, w0, x3, 0);
                    c41 = High(c41, w0, x4, 0);
                    c51 = High(c51, w0, x5, 0);
                    c00 = Low(c00, w0, x0, 0);
                    c10 = Low(c10, w0, x1, 0);
                    c20 = Low(c20, w0, x2, 0);
                    c30 = Low(c30, w0, x3, 0);
                    c40 = Low(c40, w0, x4, 0);
                    c50 = Low(c50, w0, x5, 0);
                    c01 = High(c01, w1, x0, 1);
                    c11 = High(c11, w1, x1, 1);
                    c21 = High(c21, w1, x2, 1);
                    c31 = High(c31, w1, x3, 1);
                    c41 = High(c41, w1, x4, 1);
                    c51 = High(c51, w1, x5, 1);
                    c00 = Low(c00, w1, x0, 1);
                    c10 = Low(c10, w1, x1, 1);
                    c20 = Low(c20, w1, x2, 1);
                    c30 = Low(c30, w1, x3, 1);
                    c40 = Low(c40, w1, x4, 1);
                    c50 = Low(c50, w1, x5, 1);
                    c01 = High(c01, w2, x0, 2);
                    c11 = High(c11, w2, x1, 2);
                    c21 = High(c21, w2, x2, 2);
                    c31 = High(c31, w2, x3, 2);
                    c41 = High(c41, w2, x4, 2);
                    c51 = High(c51, w2, x5, 2);
                    c00 = Low(c00, w2, x0, 2);
                    c10 = Low(c10, w2, x1, 2);
                    c20 = Low(c20, w2, x2, 2);
                    c30 = Low(c30, w2, x3, 2);
                    c40 = Low(c40, w2, x4, 2);
                    c50 = Low(c50, w2, x5, 2);
                    c01 = High(c01, w3, x0, 3);
                    c11 = High(c11, w3, x1, 3);
                    c21 = High(c21, w3, x2, 3);
                    c31 = High(c31, w3, x3, 3);
                    c41 = High(c41, w3, x4, 3);
                    c51 = High(c51, w3, x5, 3);
                    c00 = Low(c00, w3, x0, 3);
                    c10 = Low(c10, w3, x1, 3);
                    c20 = Low(c20, w3, x2, 3);
                    c30 = Low(c30, w3, x3, 3);
                    c40 = Low(c40, w3, x4, 3);
                    c50 = Low(c50, w3, x5, 3);
                    panel += 32;
                }
                for (; k < end; k += 2, panel += 8)
                {
                    var w = Weights(panel);
                    var x0 = Vector64.Create(*(short*)(a0 + k));
                    var x1 = Vector64.Create(*(short*)(a1 + k));
                    var x2 = Vector64.Create(*(short*)(a2 + k));
                    var x3 = Vector64.Create(*(short*)(a3 + k));
                    var x4 = Vector64.Create(*(short*)(a4 + k));
                    var x5 = Vector64.Create(*(short*)(a5 + k));
                    c01 = High(c01, w, x0, 0);
                    c11 = High(c11, w, x1, 0);
                    c21 = High(c21, w, x2, 0);
                    c31 = High(c31, w, x3, 0);
                    c41 = High(c41, w, x4, 0);
                    c51 = High(c51, w, x5, 0);
                    c00 = Low(c00, w, x0, 0);
                    c10 = Low(c10, w, x1, 0);
                    c20 = Low(c20, w, x2, 0);
                    c30 = Low(c30, w, x3, 0);
                    c40 = Low(c40, w, x4, 0);
                    c50 = Low(c50, w, x5, 0);
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
            var o = Vector128.Create(offset);
            Vector128<int> c0 = Vector128.Load(bias) + o, c1 = Vector128.Load(bias + 4) + o;
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 2, panel += 8)
                {
                    var x = Vector64.Create(*(short*)(a + k));
                    var w = Weights(panel);
                    c1 = High(c1, w, x, 0);
                    c0 = Low(c0, w, x, 0);
                }
            }
            c0.Store(c);
            c1.Store(c + 4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<short> Weights(sbyte* panel) =>
            AdvSimd.SignExtendWideningLower(Vector64.Load(panel));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static Vector128<int> Low(
            Vector128<int> c, Vector128<short> w, Vector64<short> x,
            [ConstantExpected(Max = (byte)3)] byte lane) =>
            AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c, w.GetLower(), x, lane);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static Vector128<int> High(
            Vector128<int> c, Vector128<short> w, Vector64<short> x,
            [ConstantExpected(Max = (byte)3)] byte lane) =>
            AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c, w, x, lane);

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.Vec128.Rows(
                acc, Columns, rows, scale, width, range, y, stride);
    }
}
