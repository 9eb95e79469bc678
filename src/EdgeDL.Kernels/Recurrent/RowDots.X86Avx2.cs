using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.Recurrent;

public static unsafe partial class RowDots
{
    internal static class X86Avx2
    {
        public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

        public static void Run(float* w, float* x, int rows, int columns, float* y)
        {
            for (int r = 0; r < rows; r++, w += columns)
            {
                Vector256<float> a = Vector256<float>.Zero;
                Vector256<float> b = Vector256<float>.Zero;
                int c = 0;
                for (; c <= columns - 16; c += 16)
                {
                    a = Fma.MultiplyAdd(Vector256.Load(w + c), Vector256.Load(x + c), a);
                    b = Fma.MultiplyAdd(Vector256.Load(w + c + 8), Vector256.Load(x + c + 8), b);
                }

                float sum = Vector256.Sum(a + b);
                for (; c < columns; c++)
                {
                    sum += w[c] * x[c];
                }

                y[r] += sum;
            }
        }

        public static void Run(sbyte* w, sbyte* x, int rows, int columns, int* y)
        {
            for (int r = 0; r < rows; r++, w += columns)
            {
                Vector256<int> sums = Vector256<int>.Zero;
                int c = 0;
                for (; c <= columns - 16; c += 16)
                {
                    Vector256<short> a = Avx2.ConvertToVector256Int16(w + c);
                    Vector256<short> b = Avx2.ConvertToVector256Int16(x + c);
                    sums += Avx2.MultiplyAddAdjacent(a, b);
                }

                int sum = Vector256.Sum(sums);
                for (; c < columns; c++)
                {
                    sum += w[c] * x[c];
                }

                y[r] += sum;
            }
        }
    }
}
