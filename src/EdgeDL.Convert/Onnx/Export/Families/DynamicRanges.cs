using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>
/// Activations that are rounded to int8 while the model runs, each item in a range of its own. ONNX
/// has this for whole tensors of uint8 only, so it is said in steps, on whole numbers in fp32: they
/// add up without rounding, as integers do.
/// </summary>
static class DynamicRanges
{
    /// <summary>x in whole steps, and the size of a step: one for all that lies along the axes.
    /// </summary>
    public static (OnnxTensor Steps, OnnxTensor Scale) Rounded(
        NodeExport n, OnnxTensor x, ReadOnlySpan<int> axes)
    {
        // The kernel's own steps, in fp32, so that the same values round the same way.
        OnnxTensor zero = n.Number(DType.Float32, 0);
        OnnxTensor low = n.Binary("Min", n.Reduce("ReduceMin", x, axes, keepDims: true), zero);
        OnnxTensor high = n.Binary("Max", n.Reduce("ReduceMax", x, axes, keepDims: true), zero);
        OnnxTensor range = n.Binary(
            "Max", n.Binary("Sub", high, low), n.Number(DType.Float32, 1e-36));
        OnnxTensor inverse = n.Binary("Div", n.Number(DType.Float32, 255), range);
        OnnxTensor least = n.Number(DType.Float32, -128);
        OnnxTensor most = n.Number(DType.Float32, 127);
        OnnxTensor scaledLow = n.Binary("Mul", low, inverse);
        OnnxTensor scaledHigh = n.Binary("Mul", high, inverse);
        OnnxTensor lean = n.Binary(
            "Add", n.Binary("Add", scaledLow, least), n.Binary("Add", scaledHigh, most));
        OnnxTensor point = n.Where(
            n.Compare("Greater", lean, zero),
            n.Binary("Sub", least, scaledLow), n.Binary("Sub", most, scaledHigh));
        point = n.Unary("Round", n.Clipped(point, -128, 127));
        OnnxTensor steps = n.Binary("Mul", x, inverse);
        steps = n.Binary("Min", steps, n.Binary("Sub", most, point));
        steps = n.Binary("Max", steps, n.Binary("Sub", least, point));
        return (n.Unary("Round", steps), n.Unary("Reciprocal", inverse));
    }

    /// <summary>Weights as the whole numbers that they are stored as.</summary>
    public static OnnxTensor Weights(NodeExport n, int[] order)
    {
        OnnxTensor raw = n.Scope.PermutedRaw(n.Node.Inputs[1], order);
        return n.Add(
            "DequantizeLinear", DType.Float32, raw.Shape, [raw, n.Number(DType.Float32, 1)]);
    }

    /// <summary>The reals of sums of products, and the bias.</summary>
    /// <param name="n">The node.</param>
    /// <param name="sums">Whole numbers.</param>
    /// <param name="scale">The size of the activations' steps.</param>
    /// <param name="channels">The shape that one number a channel takes to broadcast.</param>
    public static OnnxTensor Scaled(
        NodeExport n, OnnxTensor sums, OnnxTensor scale, in Shape channels)
    {
        Quantization w = n.In(1).Quant!;
        OnnxTensor weights = n.Constant(
            "weights_scale", w.Scales.Length == 1 ? Shape.Scalar : channels, w.Scales);
        OnnxTensor y = n.Binary("Mul", n.Binary("Mul", sums, scale), weights);
        return n.Has(2) ? n.Binary("Add", y, n.Reshape(n.Real(2), channels)) : y;
    }
}
