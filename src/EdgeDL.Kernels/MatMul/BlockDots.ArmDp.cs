using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeDL.Kernels.MatMul;

public static unsafe partial class BlockDots
{
    internal static class ArmDp
    {
        public static bool IsSupported => Dp.IsSupported;

        public static int Bytes(sbyte* x, byte* nibbles, int count, int zero)
        {
            Vector128<int> sums = Vector128<int>.Zero;
            int k = 0;
            for (; k <= count - 16; k += 16)
            {
                sums = Dp.DotProduct(
                    sums, Vec128.Unpack(nibbles + (k / 2), zero), Vector128.Load(x + k));
            }

            return Vector128.Sum(sums) + Scalar.Block(x, nibbles, count, k, zero);
        }
    }
}
