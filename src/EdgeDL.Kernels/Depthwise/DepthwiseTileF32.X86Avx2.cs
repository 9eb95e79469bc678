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
        public static void Block(in DepthwiseLineF32 line, nint lane, int block, float* y)
        {
            float* x = line.Values + lane;
            float* w = line.Weights + (nint)block * (1 + line.TapCount) * 16;
            float* bias = w;
            Vector256<float> s0 = default, s1 = default;
            for (int t = 0; t < line.TapCount; t++)
            {
                w += 16;
                Add(x + line.Taps[t], w, ref s0, ref s1);
            }
            Store(s0, s1, bias, Vector256.Create(line.Min), Vector256.Create(line.Max), y);
        }

        public static void Line(in DepthwiseLineF32 line, float* y)
        {
            if (line.IsThreeByThree)
            {
                ThreeByThree(line, y);
            }
            else
            {
                BlockByBlock<X86Avx2>(line, y);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void ThreeByThree(in DepthwiseLineF32 line, float* y)
        {
            Vector256<float> low = Vector256.Create(line.Min), high = Vector256.Create(line.Max);
            nint* taps = line.Taps;
            byte* r0 = (byte*)(line.Values + taps[0]);
            byte* r1 = (byte*)(line.Values + taps[3]);
            byte* r2 = (byte*)(line.Values + taps[6]);
            nint c1 = 4 * (taps[1] - taps[0]), c2 = 4 * (taps[2] - taps[0]);
            float* weights = line.Weights, w = weights;
            int left = line.Blocks;
            for (nint lanes = line.Lanes; lanes >= 16; lanes -= 16, y += 16)
            {
                Vector256<float> s0 = default, s1 = default;
                Add((float*)r0, w + 16, ref s0, ref s1);
                Add((float*)(r0 + c1), w + 32, ref s0, ref s1);
                Add((float*)(r0 + c2), w + 48, ref s0, ref s1);
                Add((float*)r1, w + 64, ref s0, ref s1);
                Add((float*)(r1 + c1), w + 80, ref s0, ref s1);
                Add((float*)(r1 + c2), w + 96, ref s0, ref s1);
                Add((float*)r2, w + 112, ref s0, ref s1);
                Add((float*)(r2 + c1), w + 128, ref s0, ref s1);
                Add((float*)(r2 + c2), w + 144, ref s0, ref s1);
                Store(s0, s1, w, low, high, y);
                r0 += 64;
                r1 += 64;
                r2 += 64;
                w += 160;
                if (--left == 0)
                {
                    left = line.Blocks;
                    w = weights;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(float* x, float* w, ref Vector256<float> s0, ref Vector256<float> s1)
        {
            s0 = Fma.MultiplyAdd(Avx.LoadVector256(x), Avx.LoadVector256(w), s0);
            s1 = Fma.MultiplyAdd(Avx.LoadVector256(x + 8), Avx.LoadVector256(w + 8), s1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(
            Vector256<float> s0, Vector256<float> s1, float* bias, Vector256<float> low,
            Vector256<float> high, float* y)
        {
            s0 += Avx.LoadVector256(bias);
            s1 += Avx.LoadVector256(bias + 8);
            // max(low, s), in this order: the instruction returns its second operand for NaN.
            Avx.Store(y, Avx.Min(high, Avx.Max(low, s0)));
            Avx.Store(y + 8, Avx.Min(high, Avx.Max(low, s1)));
        }
    }
}
