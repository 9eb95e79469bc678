using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS16
{
    /// <summary>6×8 by SMLAL, for cores without SDOT (Cortex-A53, A72).</summary>
    internal readonly struct ArmNeon : IGemmS16
    {
        public static bool IsSupported => AdvSimd.Arm64.IsSupported;
        public static int Rows => 6;
        public static int Columns => 8;
        public static int Group => 1;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Run(short* a, int rows, int depth, short* panel, int* c)
        {
            nint stride = depth;
            for (int i = 0; i < rows; i += 6, a += 6 * stride, c += 48)
            {
                Vector128<int> c00 = default, c01 = default, c10 = default, c11 = default;
                Vector128<int> c20 = default, c21 = default, c30 = default, c31 = default;
                Vector128<int> c40 = default, c41 = default, c50 = default, c51 = default;
                short* a1 = a + stride, a2 = a1 + stride, a3 = a2 + stride;
                short* a4 = a3 + stride, a5 = a4 + stride, w = panel;
                for (nint k = 0; k < stride; k += 4, w += 32)
                {
                    var x0 = Vector64.Load(a + k);
                    var x1 = Vector64.Load(a1 + k);
                    var x2 = Vector64.Load(a2 + k);
                    var x3 = Vector64.Load(a3 + k);
                    var x4 = Vector64.Load(a4 + k);
                    var x5 = Vector64.Load(a5 + k);
                    // All weights before the first product: a core that issues in order waits once.
                    Vector128<short> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 8);
                    Vector128<short> w2 = Vector128.Load(w + 16), w3 = Vector128.Load(w + 24);
                    // Upper halves first: behind them, a lower half is the register itself.
                    c01 = GemmS8.ArmNeon.High(c01, w0, x0, 0);
                    c11 = GemmS8.ArmNeon.High(c11, w0, x1, 0);
                    c21 = GemmS8.ArmNeon.High(c21, w0, x2, 0);
                    c31 = GemmS8.ArmNeon.High(c31, w0, x3, 0);
                    c41 = GemmS8.ArmNeon.High(c41, w0, x4, 0);
                    c51 = GemmS8.ArmNeon.High(c51, w0, x5, 0);
                    c00 = GemmS8.ArmNeon.Low(c00, w0, x0, 0);
                    c10 = GemmS8.ArmNeon.Low(c10, w0, x1, 0);
                    c20 = GemmS8.ArmNeon.Low(c20, w0, x2, 0);
                    c30 = GemmS8.ArmNeon.Low(c30, w0, x3, 0);
                    c40 = GemmS8.ArmNeon.Low(c40, w0, x4, 0);
                    c50 = GemmS8.ArmNeon.Low(c50, w0, x5, 0);
                    c01 = GemmS8.ArmNeon.High(c01, w1, x0, 1);
                    c11 = GemmS8.ArmNeon.High(c11, w1, x1, 1);
                    c21 = GemmS8.ArmNeon.High(c21, w1, x2, 1);
                    c31 = GemmS8.ArmNeon.High(c31, w1, x3, 1);
                    c41 = GemmS8.ArmNeon.High(c41, w1, x4, 1);
                    c51 = GemmS8.ArmNeon.High(c51, w1, x5, 1);
                    c00 = GemmS8.ArmNeon.Low(c00, w1, x0, 1);
                    c10 = GemmS8.ArmNeon.Low(c10, w1, x1, 1);
                    c20 = GemmS8.ArmNeon.Low(c20, w1, x2, 1);
                    c30 = GemmS8.ArmNeon.Low(c30, w1, x3, 1);
                    c40 = GemmS8.ArmNeon.Low(c40, w1, x4, 1);
                    c50 = GemmS8.ArmNeon.Low(c50, w1, x5, 1);
                    c01 = GemmS8.ArmNeon.High(c01, w2, x0, 2);
                    c11 = GemmS8.ArmNeon.High(c11, w2, x1, 2);
                    c21 = GemmS8.ArmNeon.High(c21, w2, x2, 2);
                    c31 = GemmS8.ArmNeon.High(c31, w2, x3, 2);
                    c41 = GemmS8.ArmNeon.High(c41, w2, x4, 2);
                    c51 = GemmS8.ArmNeon.High(c51, w2, x5, 2);
                    c00 = GemmS8.ArmNeon.Low(c00, w2, x0, 2);
                    c10 = GemmS8.ArmNeon.Low(c10, w2, x1, 2);
                    c20 = GemmS8.ArmNeon.Low(c20, w2, x2, 2);
                    c30 = GemmS8.ArmNeon.Low(c30, w2, x3, 2);
                    c40 = GemmS8.ArmNeon.Low(c40, w2, x4, 2);
                    c50 = GemmS8.ArmNeon.Low(c50, w2, x5, 2);
                    c01 = GemmS8.ArmNeon.High(c01, w3, x0, 3);
                    c11 = GemmS8.ArmNeon.High(c11, w3, x1, 3);
                    c21 = GemmS8.ArmNeon.High(c21, w3, x2, 3);
                    c31 = GemmS8.ArmNeon.High(c31, w3, x3, 3);
                    c41 = GemmS8.ArmNeon.High(c41, w3, x4, 3);
                    c51 = GemmS8.ArmNeon.High(c51, w3, x5, 3);
                    c00 = GemmS8.ArmNeon.Low(c00, w3, x0, 3);
                    c10 = GemmS8.ArmNeon.Low(c10, w3, x1, 3);
                    c20 = GemmS8.ArmNeon.Low(c20, w3, x2, 3);
                    c30 = GemmS8.ArmNeon.Low(c30, w3, x3, 3);
                    c40 = GemmS8.ArmNeon.Low(c40, w3, x4, 3);
                    c50 = GemmS8.ArmNeon.Low(c50, w3, x5, 3);
                }
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
        }

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.Vec128.Rows(acc, Columns, rows, scale, width, range, y, stride);
    }
}
