using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>A clamp fused into an op. The numbers are part of the file format.</summary>
public enum Activation : byte
{
    None = 0,
    Relu = 1,
    ReluN1To1 = 2,
    Relu6 = 3,
}

/// <summary>The ranges that fused activations clamp to.</summary>
public static class Activations
{
    public const int Count = 4;

    /// <summary>In reals; ±∞ where there is no bound.</summary>
    public static (float Lo, float Hi) Range(this Activation activation) => activation switch
    {
        Activation.Relu => (0, float.PositiveInfinity),
        Activation.ReluN1To1 => (-1, 1),
        Activation.Relu6 => (0, 6),
        _ => (float.NegativeInfinity, float.PositiveInfinity),
    };

    /// <summary>
    /// In the integers of a quantized output: the range of <paramref name="type"/> cut to
    /// zeroPoint + round(bound / scale): halves away from zero, as TensorFlow Lite does, or to
    /// even.
    /// </summary>
    public static (int Lo, int Hi) Range(
        this Activation activation, DType type, Quantization? quant)
    {
        (int lo, int hi) = type switch
        {
            DType.UInt8 => (0, 255),
            DType.Int8 => (-128, 127),
            DType.Int16 => (short.MinValue, short.MaxValue),
            _ => (int.MinValue, int.MaxValue),
        };
        (float low, float high) = activation.Range();
        if (quant is null || activation == Activation.None)
        {
            return (lo, hi);
        }
        int min = float.IsInfinity(low) ? lo : Quantize(low, quant);
        int max = float.IsInfinity(high) ? hi : Quantize(high, quant);
        min = Math.Clamp(min, lo, hi);
        return (min, Math.Clamp(max, min, hi));
    }

    static int Quantize(float value, Quantization quant)
    {
        float steps = MathF.Round(
            value / quant.Scale,
            quant.Rounding == Rounding.ToEven
                ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero);
        // Out-of-range floats saturate when they become int; the sum is clamped by the caller.
        return (int)Math.Clamp((long)steps + quant.ZeroPoint, int.MinValue, int.MaxValue);
    }
}
