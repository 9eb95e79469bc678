namespace EdgeDL.Convert.Onnx;

/// <summary>How a model is said in ONNX, where there is a choice.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// int8 activations become uint8, their zero points moving by 128; weights stay int8. Inputs
    /// and outputs too: their bytes are those of the model ^ 0x80. Models with variables or more
    /// than one graph stay as they are.
    /// </summary>
    public bool UnsignedActivations { get; init; }

    /// <summary>
    /// Every integer op becomes dequantize → op → quantize, which accelerators know and ONNX
    /// Runtime fuses. Otherwise sums, products and means that round as TensorFlow Lite does become
    /// their arithmetic in integers: slower there, and the same bits.
    /// </summary>
    public bool ByReals { get; init; }

    /// <summary>Inputs, by index, that are [N, C, …] instead of the model's [N, …, C].</summary>
    public IReadOnlyCollection<int> ChannelsFirstInputs { get; init; } = [];
}
