using EdgeDL.Tensors;

namespace EdgeDL.Host.Answers;

/// <summary>real = scale · (q − zeroPoint): a tensor's elements as numbers for people.</summary>
public static class Elements
{
    /// <summary>Every element as a real; types that are no numbers give nothing.</summary>
    public static float[] ToReals(TensorView tensor)
    {
        var scale = 1f;
        var zeroPoint = 0;
        if (tensor.Quant is { IsPerTensor: true } quant)
        {
            scale = quant.Scale;
            zeroPoint = quant.ZeroPoint;
        }

        return tensor.DType switch
        {
            DType.Float32 => tensor.AsSpan<float>().ToArray(),
            DType.Int8 => Convert(tensor.AsSpan<sbyte>(), q => scale * (q - zeroPoint)),
            DType.UInt8 => Convert(tensor.AsSpan<byte>(), q => scale * (q - zeroPoint)),
            DType.Int16 => Convert(tensor.AsSpan<short>(), q => scale * (q - zeroPoint)),
            DType.Int32 => Convert(tensor.AsSpan<int>(), q => scale * (q - zeroPoint)),
            DType.Int64 => Convert(tensor.AsSpan<long>(), q => (float)q),
            DType.Float16 => Convert(tensor.AsSpan<Half>(), q => (float)q),
            DType.Bool => Convert(tensor.AsSpan<bool>(), q => q ? 1f : 0f),
            _ => [],
        };
    }

    static float[] Convert<T>(ReadOnlySpan<T> from, Func<T, float> real)
    {
        var to = new float[from.Length];
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = real(from[i]);
        }

        return to;
    }
}
