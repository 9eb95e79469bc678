using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// y[i] = clamp((acc[i] − zero · sums[i]) · scaleX · scale[i] + bias[i]): int32 accumulators of
/// dynamically quantized activations to fp32. A null bias is zero.
/// </summary>
static unsafe class Rescale
{
    public static void Run(
        int* acc, int* sums, DynamicRange range, float* scale, float* bias, int count, float min,
        float max, float* y)
    {
        int i = 0;
        var zero = Vector128.Create(range.Zero);
        var scaleX = Vector128.Create(range.Scale);
        var low = Vector128.Create(min);
        var high = Vector128.Create(max);
        for (; i <= count - 4; i += 4)
        {
            var centred = Vector128.Load(acc + i) - zero * Vector128.Load(sums + i);
            var value = Vector128.ConvertToSingle(centred) * scaleX * Vector128.Load(scale + i);
            if (bias != null)
            {
                value += Vector128.Load(bias + i);
            }
            Vector128.Min(Vector128.Max(value, low), high).Store(y + i);
        }
        for (; i < count; i++)
        {
            float value = (acc[i] - range.Zero * sums[i]) * range.Scale * scale[i];
            value += bias != null ? bias[i] : 0;
            y[i] = MathF.Min(MathF.Max(value, min), max);
        }
    }
}
