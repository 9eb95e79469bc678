using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeDL.Kernels.Recurrent;

public static unsafe partial class RowDots
{
    internal static class ArmDp
    {
        public static bool IsSupported => Dp.IsSupported;

        public static void Run(sbyte* w, sbyte* x, int rows, int columns, int* y)
        {
            for (int r = 0; r < rows; r++, w += columns)
            {
                Vector128<int> sums = Vector128<int>.Zero;
                int c = 0;
                for (; c <= columns - 16; c += 16)
                {
                    sums = Dp.DotProduct(sums, Vector128.Load(w + c), Vector128.Load(x + c));
                }

                int sum = Vector128.Sum(sums);
                for (; c < columns; c++)
                {
                    sum += w[c] * x[c];
                }

                y[r] += sum;
            }
        }
    }
}
