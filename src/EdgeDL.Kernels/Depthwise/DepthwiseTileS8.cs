using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// acc[j] = bias[j] + Σ_t int8(taps[t][c + j] ^ flip) · w[t][j], j &lt; Columns, w of
/// [taps / Group][Columns][Group] int16.
/// </summary>
unsafe interface IDepthwiseTileS8
{
    static abstract bool IsSupported { get; }
    static abstract int Columns { get; }

    /// <summary>Taps that lie together for one channel; the count of taps is a multiple.</summary>
    static abstract int Group { get; }

    static abstract void Block(
        byte** taps, int count, int c, byte flip, short* w, int* bias, int* acc);

    static abstract void Requantize(
        int* acc, float* scale, int count, Requantize.Range range, byte* y);
}

static unsafe partial class DepthwiseTileS8
{
    internal readonly struct Scalar : IDepthwiseTileS8
    {
        public static bool IsSupported => true;
        public static int Columns => 4;
        public static int Group => 1;

        public static void Block(
            byte** taps, int count, int c, byte flip, short* w, int* bias, int* acc)
        {
            for (int j = 0; j < 4; j++)
            {
                int sum = bias[j];
                for (int t = 0; t < count; t++)
                {
                    sum += (sbyte)(taps[t][c + j] ^ flip) * w[4 * t + j];
                }
                acc[j] = sum;
            }
        }

        public static void Requantize(
            int* acc, float* scale, int count, Requantize.Range range, byte* y) =>
            Quant.Requantize.Scalar.Run(acc, scale, count, range, y);
    }

    /// <summary>|x · w| ≤ 128 · 255 fits int16: multiply there, then widen and add.</summary>
    internal readonly struct Vec128 : IDepthwiseTileS8
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;
        public static int Columns => 16;
        public static int Group => 1;

        public static void Block(
            byte** taps, int count, int c, byte flip, short* w, int* bias, int* acc)
        {
            var mask = Vector128.Create(flip);
            Vector128<int> s0 = Vector128.Load(bias), s1 = Vector128.Load(bias + 4);
            Vector128<int> s2 = Vector128.Load(bias + 8), s3 = Vector128.Load(bias + 12);
            for (int t = 0; t < count; t++, w += 16)
            {
                var x = (Vector128.Load(taps[t] + c) ^ mask).AsSByte();
                var low = Vector128.WidenLower(x) * Vector128.Load(w);
                var high = Vector128.WidenUpper(x) * Vector128.Load(w + 8);
                s0 += Vector128.WidenLower(low);
                s1 += Vector128.WidenUpper(low);
                s2 += Vector128.WidenLower(high);
                s3 += Vector128.WidenUpper(high);
            }
            s0.Store(acc);
            s1.Store(acc + 4);
            s2.Store(acc + 8);
            s3.Store(acc + 12);
        }

        public static void Requantize(
            int* acc, float* scale, int count, Requantize.Range range, byte* y) =>
            Quant.Requantize.Vec128.Run(acc, scale, count, range, y);
    }
}
