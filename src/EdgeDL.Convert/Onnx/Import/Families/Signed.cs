using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// uint8 data as int8 of the same reals: our fast kernels multiply int8 by int8. The conversions
/// back and forth between two such kernels are never made.
/// </summary>
static class Signed
{
    /// <summary>The same scale, zero point 128 less.</summary>
    public static Quantization Of(Quantization quant) => quant.Shifted(-128);

    /// <summary>The int8 form of a quantized value of 8 bits.</summary>
    public static int Data(NodeImport n, int value)
    {
        if (n[value].DType == DType.Int8)
        {
            return value;
        }

        if (n.Graph.SignedTwins.TryGetValue(value, out int twin))
        {
            return twin;
        }

        twin = n.AddQuantized(new Quantize(DType.Int8), "signed", Of(n[value].Quant!), value);
        n.Graph.SignedTwins[value] = twin;
        return twin;
    }

    /// <summary>The uint8 form of an int8 value.</summary>
    public static int Back(NodeImport n, int value, Quantization quant)
    {
        int y = n.AddQuantized(new Quantize(DType.UInt8), "unsigned", quant, value);
        n.Graph.SignedTwins[y] = value;
        return y;
    }

    /// <summary>Constant weights as int8 without zero points; null if they have any.</summary>
    public static (int Value, Quantization Quant)? Weights(
        NodeImport n, int i, Quantization quant)
    {
        DType type = n.In(i).DType;
        int zero = type == DType.UInt8 ? 128 : 0;
        if (type is not (DType.Int8 or DType.UInt8)
            || quant.ZeroPoints.ContainsAnyExcept(zero))
        {
            return null;
        }

        int value = n.Input(i);
        if (type == DType.UInt8)
        {
            // Turning the top bit takes 128 off.
            int top = n.Scalar("128", 128, DType.UInt8);
            value = n.Add(new BitwiseXor(), "turned", value, top);
            value = n.Add(new Bitcast(DType.Int8), "signed weights", value);
        }

        return (value, new Quantization(quant.Scales.ToArray(), [0], quant.Axis));
    }
}
