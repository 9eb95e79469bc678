using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Depthwise;

static unsafe partial class DepthwiseTileS8
{
    /// <summary>
    /// Two taps a time: their lanes interleave into pairs that vpmaddwd multiplies and sums. What
    /// vpunpck leaves apart, vpackssdw puts together again.
    /// </summary>
    internal readonly struct X86Avx2 : IDepthwiseTileS8
    {
        public static bool IsSupported => Avx2.IsSupported;
        public static int Columns => 16;
        public static int Group => 2;

        // 0–3 and 8–11 in the first vector, 4–7 and 12–15 in the second.
        public static int Lane(int position) =>
            (position & 3) | ((position & 4) << 1) | ((position & 8) >> 1);

        public static void Block(in DepthwiseLineS8 line, nint lane, int block, int* sums)
        {
            Sum(line, lane, block, out var s0, out var s1);
            s0.GetLower().Store(sums);
            s1.GetLower().Store(sums + 4);
            s0.GetUpper().Store(sums + 8);
            s1.GetUpper().Store(sums + 12);
        }

        public static void Line(in DepthwiseLineS8 line, byte* y)
        {
            if (line.IsThreeByThree)
            {
                ThreeByThree(line, y);
            }
            else
            {
                AnyWindow(line, y);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void AnyWindow(in DepthwiseLineS8 line, byte* y)
        {
            var finish = new Finish(line.Range);
            int block = 0;
            for (nint lane = 0; lane < line.Lanes; lane += 16)
            {
                Sum(line, lane, block, out var s0, out var s1);
                finish.Store(s0, s1, line.Scale + (nint)block * 16, y + lane, line.Lanes - lane);
                block = block + 1 == line.Blocks ? 0 : block + 1;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void ThreeByThree(in DepthwiseLineS8 line, byte* y)
        {
            var finish = new Finish(line.Range);
            nint* taps = line.Taps;
            // Whole positions, so that what is left begins with the first block.
            nint done = line.Channels % 16 == 0 ? FourPositions(line, y) : 0;
            byte* r0 = (byte*)(line.Values + taps[0] + done);
            byte* r1 = (byte*)(line.Values + taps[3] + done);
            byte* r2 = (byte*)(line.Values + taps[6] + done);
            nint c1 = 2 * (taps[1] - taps[0]), c2 = 2 * (taps[2] - taps[0]);
            short* weights = line.Weights, w = weights;
            int* bias = line.Bias;
            float* scale = line.Scale;
            int left = line.Blocks;
            y += done;
            for (nint lanes = line.Lanes - done; lanes > 0; lanes -= 16, y += 16)
            {
                var s0 = Avx.LoadVector256(bias);
                var s1 = Avx.LoadVector256(bias + 8);
                Pair((short*)r0, (short*)(r0 + c1), w, ref s0, ref s1);
                Pair((short*)(r0 + c2), (short*)r1, w + 32, ref s0, ref s1);
                Pair((short*)(r1 + c1), (short*)(r1 + c2), w + 64, ref s0, ref s1);
                Pair((short*)r2, (short*)(r2 + c1), w + 96, ref s0, ref s1);
                // The tenth tap's weights are zero.
                Pair((short*)(r2 + c2), (short*)(r2 + c2), w + 128, ref s0, ref s1);
                finish.Store(s0, s1, scale, y, lanes);
                r0 += 32;
                r1 += 32;
                r2 += 32;
                w += 160;
                bias += 16;
                scale += 16;
                if (--left == 0)
                {
                    left = line.Blocks;
                    w = weights;
                    bias = line.Bias;
                    scale = line.Scale;
                }
            }
        }

        // The lanes of as many positions as make fours, and how many those are: weights are loaded
        // once for four. Channels are a multiple of 16.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static nint FourPositions(in DepthwiseLineS8 line, byte* y)
        {
            var finish = new Finish(line.Range);
            nint* taps = line.Taps;
            nint channels = line.Channels, end = line.Lanes / (4 * channels) * (4 * channels);
            nint c1 = taps[1] - taps[0], c2 = taps[2] - taps[0];
            nint r1 = taps[3] - taps[0], r2 = taps[6] - taps[0];
            for (nint lane = 0; lane < end; lane += 4 * channels)
            {
                short* x = line.Values + taps[0] + lane, w = line.Weights;
                int* bias = line.Bias;
                float* scale = line.Scale;
                byte* to = y + lane;
                for (nint c = 0; c < channels; c += 16, x += 16, to += 16, w += 160)
                {
                    Vector256<int> a0 = Avx.LoadVector256(bias), b0 = Avx.LoadVector256(bias + 8);
                    Vector256<int> a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
                    short* top = x, middle = x + r1, bottom = x + r2;
                    Four(top, top + c1, channels, w, ref a0, ref b0, ref a1, ref b1, ref a2,
                        ref b2, ref a3, ref b3);
                    Four(top + c2, middle, channels, w + 32, ref a0, ref b0, ref a1, ref b1,
                        ref a2, ref b2, ref a3, ref b3);
                    Four(middle + c1, middle + c2, channels, w + 64, ref a0, ref b0, ref a1,
                        ref b1, ref a2, ref b2, ref a3, ref b3);
                    Four(bottom, bottom + c1, channels, w + 96, ref a0, ref b0, ref a1, ref b1,
                        ref a2,
                        ref b2, ref a3, ref b3);
                    // The tenth tap's weights are zero.
                    Four(bottom + c2, bottom + c2, channels, w + 128, ref a0, ref b0, ref a1,
                        ref b1,
                        ref a2, ref b2, ref a3, ref b3);
                    finish.Store(a0, b0, scale, to, 16);
                    finish.Store(a1, b1, scale, to + channels, 16);
                    finish.Store(a2, b2, scale, to + 2 * channels, 16);
                    finish.Store(a3, b3, scale, to + 3 * channels, 16);
                    bias += 16;
                    scale += 16;
                }
            }
            return end;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Four(
            short* x, short* y, nint channels, short* w,
            ref Vector256<int> a0, ref Vector256<int> b0,
            ref Vector256<int> a1, ref Vector256<int> b1,
            ref Vector256<int> a2, ref Vector256<int> b2,
            ref Vector256<int> a3, ref Vector256<int> b3)
        {
            Vector256<short> even = Avx.LoadVector256(w), odd = Avx.LoadVector256(w + 16);
            Pair(x, y, even, odd, ref a0, ref b0);
            Pair(x + channels, y + channels, even, odd, ref a1, ref b1);
            Pair(x + 2 * channels, y + 2 * channels, even, odd, ref a2, ref b2);
            Pair(x + 3 * channels, y + 3 * channels, even, odd, ref a3, ref b3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Sum(
            in DepthwiseLineS8 line, nint lane, int block, out Vector256<int> s0,
            out Vector256<int> s1)
        {
            short* x = line.Values + lane;
            short* w = line.Weights + (nint)block * line.TapCount * 16;
            nint* taps = line.Taps;
            var a = Avx.LoadVector256(line.Bias + (nint)block * 16);
            var b = Avx.LoadVector256(line.Bias + (nint)block * 16 + 8);
            for (int t = 0; t < line.TapCount; t += 2, w += 32)
            {
                Pair(x + taps[t], x + taps[t + 1], w, ref a, ref b);
            }
            s0 = a;
            s1 = b;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Pair(
            short* x, short* y, short* w, ref Vector256<int> s0, ref Vector256<int> s1) =>
            Pair(x, y, Avx.LoadVector256(w), Avx.LoadVector256(w + 16), ref s0, ref s1);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Pair(
            short* x, short* y, Vector256<short> low, Vector256<short> high,
            ref Vector256<int> s0, ref Vector256<int> s1)
        {
            Vector256<short> a = Avx.LoadVector256(x), b = Avx.LoadVector256(y);
            s0 = Avx2.Add(s0, Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(a, b), low));
            s1 = Avx2.Add(s1, Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(a, b), high));
        }

        /// <summary>Sixteen sums to bytes, as <see cref="Requantize"/> does.</summary>
        readonly struct Finish(Requantize.Range range)
        {
            readonly Vector256<float> high = Vector256.Create((float)(range.Max - range.Zero));
            readonly Vector256<short> low = Vector256.Create((short)range.Min);
            readonly Vector256<short> zero = Vector256.Create((short)range.Zero);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public void Store(
                Vector256<int> s0, Vector256<int> s1, float* scale, byte* y, nint lanes)
            {
                var a = Avx.ConvertToVector256Int32(Avx.Min(Avx.Multiply(
                    Avx.ConvertToVector256Single(s0), Avx.LoadVector256(scale)), high));
                var b = Avx.ConvertToVector256Int32(Avx.Min(Avx.Multiply(
                    Avx.ConvertToVector256Single(s1), Avx.LoadVector256(scale + 8)), high));
                var words = Avx2.Max(low, Avx2.AddSaturate(Avx2.PackSignedSaturate(a, b), zero))
                    & Vector256.Create((short)0xFF);
                var bytes = Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper());
                if (lanes >= 16)
                {
                    bytes.Store(y);
                }
                else
                {
                    StoreSome(bytes, y, (int)lanes);
                }
            }

            static void StoreSome(Vector128<byte> bytes, byte* y, int count)
            {
                byte* all = stackalloc byte[16];
                bytes.Store(all);
                new ReadOnlySpan<byte>(all, count).CopyTo(new Span<byte>(y, count));
            }
        }
    }
}
