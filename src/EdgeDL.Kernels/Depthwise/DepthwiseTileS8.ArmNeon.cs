using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Depthwise;

static unsafe partial class DepthwiseTileS8
{
    /// <summary>SMLAL: multiply int16 and add into int32 in one instruction.</summary>
    internal readonly struct ArmNeon : IDepthwiseTileS8
    {
        public static bool IsSupported => AdvSimd.Arm64.IsSupported;
        public static int Columns => 16;
        public static int Group => 1;

        public static int Lane(int position) => position;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Block(in DepthwiseLineS8 line, nint lane, int block, int* sums)
        {
            short* x = line.Values + lane;
            short* w = line.Weights + (nint)block * line.TapCount * 16;
            int* bias = line.Bias + (nint)block * 16;
            Vector128<int> s0 = Vector128.Load(bias), s1 = Vector128.Load(bias + 4);
            Vector128<int> s2 = Vector128.Load(bias + 8), s3 = Vector128.Load(bias + 12);
            // Copies: a caller's line may lie on the stack, and the loop should not go there.
            nint* taps = line.Taps, end = taps + line.TapCount;
            for (; taps < end; taps++, w += 16)
            {
                short* tap = x + *taps;
                Vector128<short> low = Vector128.Load(tap), high = Vector128.Load(tap + 8);
                Vector128<short> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 8);
                // The upper half first: behind it, the lower half is the register itself.
                s1 = AdvSimd.MultiplyWideningUpperAndAdd(s1, low, w0);
                s0 = AdvSimd.MultiplyWideningLowerAndAdd(s0, low.GetLower(), w0.GetLower());
                s3 = AdvSimd.MultiplyWideningUpperAndAdd(s3, high, w1);
                s2 = AdvSimd.MultiplyWideningLowerAndAdd(s2, high.GetLower(), w1.GetLower());
            }
            s0.Store(sums);
            s1.Store(sums + 4);
            s2.Store(sums + 8);
            s3.Store(sums + 12);
        }

        public static void Line(in DepthwiseLineS8 line, byte* y) =>
            BlockByBlock<ArmNeon, Requantize.Vec128>(line, y);
    }
}
