using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>The quantization of a convolution's weights and of its result.</summary>
sealed record ConvQuants(Quantization Weights, Quantization Output)
{
    /// <summary>The weights' quantization, several scales along this axis.</summary>
    public Quantization Along(int axis) => Weights.Along(axis);
}
