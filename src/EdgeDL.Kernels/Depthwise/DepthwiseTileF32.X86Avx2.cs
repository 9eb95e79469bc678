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
            nint done = line.Channels % 8 == 0 ? FourPositions(line, y) : 0;
            byte* r0 = (byte*)(line.Values + taps[0] + done);
            byte* r1 = (byte*)(line.Values + taps[3] + done);
            byte* r2 = (byte*)(line.Values + taps[6] + done);
            nint c1 = 4 * (taps[1] - taps[0]), c2 = 4 * (taps[2] - taps[0]);
            float* weights = line.Weights;
            int block = (int)(done / 16 % line.Blocks), left = line.Blocks - block;
            float* w = weights + 160 * (nint)block;
            y += done;
            for (nint lanes = line.Lanes - done; lanes >= 16; lanes -= 16, y += 16)
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

        // The lanes of as many positions as make fours, and how many those are: a weight is loaded
        // once for four. Channels are a multiple of 8.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static nint FourPositions(in DepthwiseLineF32 line, float* y)
        {
            Vector256<float> low = Vector256.Create(line.Min), high = Vector256.Create(line.Max);
            nint* taps = line.Taps;
            nint channels = line.Channels, end = line.Lanes / (4 * channels) * (4 * channels);
            nint c1 = taps[1] - taps[0], c2 = taps[2] - taps[0];
            nint r1 = taps[3] - taps[0], r2 = taps[6] - taps[0];
            for (nint lane = 0; lane < end; lane += 4 * channels)
            {
                float* x = line.Values + taps[0] + lane, to = y + lane, w = line.Weights + 16;
                for (nint c = 0; c < channels; c += 8, x += 8, to += 8)
                {
                    Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
                    Add(x, channels, w, ref s0, ref s1, ref s2, ref s3);
                    Add(x + c1, channels, w + 16, ref s0, ref s1, ref s2, ref s3);
                    Add(x + c2, channels, w + 32, ref s0, ref s1, ref s2, ref s3);
                    float* row = x + r1;
                    Add(row, channels, w + 48, ref s0, ref s1, ref s2, ref s3);
                    Add(row + c1, channels, w + 64, ref s0, ref s1, ref s2, ref s3);
                    Add(row + c2, channels, w + 80, ref s0, ref s1, ref s2, ref s3);
                    row = x + r2;
                    Add(row, channels, w + 96, ref s0, ref s1, ref s2, ref s3);
                    Add(row + c1, channels, w + 112, ref s0, ref s1, ref s2, ref s3);
                    Add(row + c2, channels, w + 128, ref s0, ref s1, ref s2, ref s3);
                    var bias = Avx.LoadVector256(w - 16);
                    Avx.Store(to, Avx.Min(high, Avx.Max(low, s0 + bias)));
                    Avx.Store(to + channels, Avx.Min(high, Avx.Max(low, s1 + bias)));
                    Avx.Store(to + 2 * channels, Avx.Min(high, Avx.Max(low, s2 + bias)));
                    Avx.Store(to + 3 * channels, Avx.Min(high, Avx.Max(low, s3 + bias)));
                    // The other half of the block, or the next block.
                    w += (c & 8) == 0 ? 8 : 152;
                }
            }
            return end;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(
            float* x, nint channels, float* w, ref Vector256<float> s0, ref Vector256<float> s1,
            ref Vector256<float> s2, ref Vector256<float> s3)
        {
            var weight = Avx.LoadVector256(w);
            s0 = Fma.MultiplyAdd(Avx.LoadVector256(x), weight, s0);
            s1 = Fma.MultiplyAdd(Avx.LoadVector256(x + channels), weight, s1);
            s2 = Fma.MultiplyAdd(Avx.LoadVector256(x + 2 * channels), weight, s2);
            s3 = Fma.MultiplyAdd(Avx.LoadVector256(x + 3 * channels), weight, s3);
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
