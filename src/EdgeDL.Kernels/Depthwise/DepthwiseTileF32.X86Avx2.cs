using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.Depthwise;

static unsafe partial class DepthwiseTileF32
{
    internal readonly struct X86Avx2 : IDepthwiseTileF32
    {
        public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;
        public static int Columns => 16;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Block(
            float** taps, int count, int c, int channels, float* w, float* bias, float* y,
            float min, float max)
        {
            Vector256<float> s0 = default, s1 = default;
            w += c;
            for (nint t = 0; t < count; t++, w += channels)
            {
                float* x = taps[t] + c;
                s0 = Fma.MultiplyAdd(Avx.LoadVector256(x), Avx.LoadVector256(w), s0);
                s1 = Fma.MultiplyAdd(Avx.LoadVector256(x + 8), Avx.LoadVector256(w + 8), s1);
            }
            s0 += Avx.LoadVector256(bias + c);
            s1 += Avx.LoadVector256(bias + c + 8);
            Vector256<float> low = Vector256.Create(min), high = Vector256.Create(max);
            // max(low, s), in this order: the instruction returns its second operand for NaN.
            Avx.Store(y + c, Avx.Min(high, Avx.Max(low, s0)));
            Avx.Store(y + c + 8, Avx.Min(high, Avx.Max(low, s1)));
        }

        public static void One(
            float** taps, int count, int c, int channels, float* w, float* bias, float* y,
            float min, float max)
        {
            Vector128<float> sum = default;
            for (nint t = 0; t < count; t++)
            {
                sum = Fma.MultiplyAddScalar(
                    Vector128.CreateScalarUnsafe(taps[t][c]),
                    Vector128.CreateScalarUnsafe(w[t * channels + c]), sum);
            }
            y[c] = MathF.Min(MathF.Max(sum.ToScalar() + bias[c], min), max);
        }
    }
}
