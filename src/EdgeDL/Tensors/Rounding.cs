namespace EdgeDL.Tensors;

/// <summary>The arithmetic by which an op comes to the integers of a quantization.</summary>
public enum Rounding : byte
{
    /// <summary>TensorFlow Lite's: the bits of its kernels and XNNPACK's, op by op, in fixed point
    /// or floats.</summary>
    Lite = 0,

    /// <summary>
    /// ONNX's: the operands' reals in fp32, the op in fp32, then
    /// q = clamp(roundEven(real / scale) + zeroPoint). Sums of products and means add up in
    /// integers instead, which is exact, and are scaled once.
    /// </summary>
    /// <remarks>QuantizeLinear and DequantizeLinear of the ONNX operator specification.</remarks>
    ToEven = 1,
}
