using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// y[c + j] = clamp(bias[c + j] + Σ_t taps[t][c + j] · w[t · channels + c + j]), j &lt; Columns.
/// The products are summed from zero: a large bias would round off each of them.
/// </summary>
unsafe interface IDepthwiseTileF32
{
    static abstract bool IsSupported { get; }
    static abstract int Columns { get; }

    static abstract void Block(
        float** taps, int count, int c, int channels, float* w, float* bias, float* y, float min,
        float max);

    /// <summary>One channel, summed as <see cref="Block"/> sums it.</summary>
    static abstract void One(
        float** taps, int count, int c, int channels, float* w, float* bias, float* y, float min,
        float max);
}

static unsafe partial class DepthwiseTileF32
{
    internal readonly struct Scalar : IDepthwiseTileF32
    {
        public static bool IsSupported => true;
        public static int Columns => 1;

        public static void Block(
            float** taps, int count, int c, int channels, float* w, float* bias, float* y,
            float min, float max) =>
            One(taps, count, c, channels, w, bias, y, min, max);

        public static void One(
            float** taps, int count, int c, int channels, float* w, float* bias, float* y,
            float min, float max)
        {
            float sum = 0;
            for (int t = 0; t < count; t++)
            {
                sum += taps[t][c] * w[(nint)t * channels + c];
            }
            y[c] = MathF.Min(MathF.Max(sum + bias[c], min), max);
        }
    }

    internal readonly struct Vec128 : IDepthwiseTileF32
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;
        public static int Columns => 8;

        public static void Block(
            float** taps, int count, int c, int channels, float* w, float* bias, float* y,
            float min, float max)
        {
            Vector128<float> s0 = default, s1 = default;
            w += c;
            for (nint t = 0; t < count; t++, w += channels)
            {
                float* x = taps[t] + c;
                s0 = Vector128.MultiplyAddEstimate(Vector128.Load(x), Vector128.Load(w), s0);
                s1 = Vector128.MultiplyAddEstimate(
                    Vector128.Load(x + 4), Vector128.Load(w + 4), s1);
            }
            Vector128<float> low = Vector128.Create(min), high = Vector128.Create(max);
            Vector128.Min(Vector128.Max(s0 + Vector128.Load(bias + c), low), high).Store(y + c);
            Vector128.Min(Vector128.Max(s1 + Vector128.Load(bias + c + 4), low), high).Store(
                y + c + 4);
        }

        public static void One(
            float** taps, int count, int c, int channels, float* w, float* bias, float* y,
            float min, float max)
        {
            Vector128<float> sum = default;
            for (nint t = 0; t < count; t++)
            {
                sum = Vector128.MultiplyAddEstimate(
                    Vector128.CreateScalar(taps[t][c]), Vector128.CreateScalar(w[t * channels + c]),
                    sum);
            }
            y[c] = MathF.Min(MathF.Max(sum.ToScalar() + bias[c], min), max);
        }
    }
}
