using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Depthwise;

static unsafe partial class DepthwiseTileS8
{
    /// <summary>|x · w| ≤ 128 · 255 fits int16: multiply there, then widen and add.</summary>
    internal readonly struct Vec128 : IDepthwiseTileS8
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;
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
            for (int t = 0; t < line.TapCount; t++, w += 16)
            {
                short* tap = x + line.Taps[t];
                var low = Vector128.Load(tap) * Vector128.Load(w);
                var high = Vector128.Load(tap + 8) * Vector128.Load(w + 8);
                s0 += Vector128.WidenLower(low);
                s1 += Vector128.WidenUpper(low);
                s2 += Vector128.WidenLower(high);
                s3 += Vector128.WidenUpper(high);
            }
            s0.Store(sums);
            s1.Store(sums + 4);
            s2.Store(sums + 8);
            s3.Store(sums + 12);
        }

        public static void Line(in DepthwiseLineS8 line, byte* y) =>
            BlockByBlock<Vec128, Requantize.Vec128>(line, y);
    }
}
