using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Depthwise;

static unsafe partial class DepthwiseTileS8
{
    /// <summary>
    /// Two taps a time: their channels interleave into pairs that vpmaddwd multiplies and sums.
    /// </summary>
    internal readonly struct X86Avx2 : IDepthwiseTileS8
    {
        public static bool IsSupported => Avx2.IsSupported;
        public static int Columns => 16;
        public static int Group => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Block(
            byte** taps, int count, int c, byte flip, short* w, int* bias, int* acc)
        {
            var mask = Vector128.Create(flip);
            var s0 = Avx.LoadVector256(bias);
            var s1 = Avx.LoadVector256(bias + 8);
            for (int t = 0; t < count; t += 2, w += 32)
            {
                var x = Vector128.Load(taps[t] + c) ^ mask;
                var y = Vector128.Load(taps[t + 1] + c) ^ mask;
                // Channels 0…7 and 8…15, each as (tap t, tap t + 1).
                var low = Sse2.UnpackLow(x, y).AsSByte();
                var high = Sse2.UnpackHigh(x, y).AsSByte();
                s0 = Avx2.Add(
                    s0,
                    Avx2.MultiplyAddAdjacent(
                        Avx2.ConvertToVector256Int16(low), Avx.LoadVector256(w)));
                s1 = Avx2.Add(
                    s1,
                    Avx2.MultiplyAddAdjacent(
                        Avx2.ConvertToVector256Int16(high), Avx.LoadVector256(w + 16)));
            }
            Avx.Store(acc, s0);
            Avx.Store(acc + 8, s1);
        }

        public static void Requantize(
            int* acc, float* scale, int count, Requantize.Range range, byte* y) =>
            Quant.Requantize.X86Avx2.Run(acc, scale, count, range, y);
    }
}
