using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Recurrent;

public static unsafe partial class RowDots
{
    internal static class Vec128
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;

        public static void Run(float* w, float* x, int rows, int columns, float* y)
        {
            for (int r = 0; r < rows; r++, w += columns)
            {
                Vector128<float> a = Vector128<float>.Zero;
                Vector128<float> b = Vector128<float>.Zero;
                int c = 0;
                for (; c <= columns - 8; c += 8)
                {
                    a += Vector128.Load(w + c) * Vector128.Load(x + c);
                    b += Vector128.Load(w + c + 4) * Vector128.Load(x + c + 4);
                }

                float sum = Vector128.Sum(a + b);
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
                Vector128<int> sums = Vector128<int>.Zero;
                int c = 0;
                for (; c <= columns - 16; c += 16)
                {
                    (Vector128<short> wl, Vector128<short> wh) =
                        Vector128.Widen(Vector128.Load(w + c));
                    (Vector128<short> xl, Vector128<short> xh) =
                        Vector128.Widen(Vector128.Load(x + c));
                    // |product| ≤ 2¹⁴ fits int16 (−128·−128 = 2¹⁴); sums are widened first.
                    (Vector128<int> p, Vector128<int> q) = Vector128.Widen(wl * xl);
                    (Vector128<int> s, Vector128<int> t) = Vector128.Widen(wh * xh);
                    sums += p + q + (s + t);
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
