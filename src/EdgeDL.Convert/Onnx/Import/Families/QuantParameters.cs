using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Scales and zero points that stand in inputs of a node.</summary>
static class QuantParameters
{
    /// <summary>
    /// The quantization of a tensor whose scale and zero point are inputs; null unless both are
    /// constant and ours can say it. Several scales run along <paramref name="axis"/>.
    /// </summary>
    public static Quantization? Of(NodeImport n, int scale, int zero, Shape shape, int axis)
    {
        if (!IsConstant(n, scale) || (n.Has(zero) && !IsConstant(n, zero))
            || n.In(scale).DType != DType.Float32)
        {
            return null;
        }

        float[] scales = n.Floats(scale, "scale");
        int[] zeros = n.Has(zero) ? n.Ints(zero, "zero point") : [0];
        bool one = scales.Length == 1;
        bool fits = n.ShapeOf(scale).Rank <= 1
            && (one ? zeros.Length == 1 : axis < shape.Rank && shape[axis] == scales.Length);
        return fits && Quantization.Problem(scales, zeros, one ? -1 : axis, 0) is null
            ? new Quantization(scales, zeros, one ? -1 : axis) { Rounding = Rounding.ToEven }
            : null;
    }

    /// <summary>The quantization of one scale and zero point, which must be constant.</summary>
    public static Quantization One(NodeImport n, int scale, int zero) =>
        Of(n, scale, zero, Shape.Scalar, 0) is { IsPerTensor: true } quant
            ? quant
            : throw n.Unsupported($"inputs {scale} and {zero} are not one constant scale and zero "
                + "point", "quantize with static parameters, one pair a tensor");

    /// <summary>True if nothing is to be computed for input <paramref name="i"/>.</summary>
    public static bool IsConstant(NodeImport n, int i) =>
        n.Has(i) && n[n.QuantizedInput(i)].Constant is not null;
}
