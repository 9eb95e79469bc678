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

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Block(
            byte** taps, int count, int c, byte flip, short* w, int* bias, int* acc)
        {
            var mask = Vector128.Create(flip);
            Vector128<int> s0 = Vector128.Load(bias), s1 = Vector128.Load(bias + 4);
            Vector128<int> s2 = Vector128.Load(bias + 8), s3 = Vector128.Load(bias + 12);
            for (int t = 0; t < count; t++, w += 16)
            {
                var x = (Vector128.Load(taps[t] + c) ^ mask).AsSByte();
                var low = AdvSimd.SignExtendWideningLower(x.GetLower());
                var high = AdvSimd.SignExtendWideningUpper(x);
                Vector128<short> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 8);
                s0 = AdvSimd.MultiplyWideningLowerAndAdd(s0, low.GetLower(), w0.GetLower());
                s1 = AdvSimd.MultiplyWideningUpperAndAdd(s1, low, w0);
                s2 = AdvSimd.MultiplyWideningLowerAndAdd(s2, high.GetLower(), w1.GetLower());
                s3 = AdvSimd.MultiplyWideningUpperAndAdd(s3, high, w1);
            }
            s0.Store(acc);
            s1.Store(acc + 4);
            s2.Store(acc + 8);
            s3.Store(acc + 12);
        }

        public static void Requantize(
            int* acc, float* scale, int count, Requantize.Range range, byte* y) =>
            Quant.Requantize.Vec128.Run(acc, scale, count, range, y);
    }
}
