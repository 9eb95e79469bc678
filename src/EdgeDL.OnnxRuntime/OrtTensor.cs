using EdgeDL.Tensors;

namespace EdgeDL.OnnxRuntime;

/// <summary>A tensor as ONNX Runtime takes and gives it: packed little-endian bytes.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Bytes">The elements.</param>
public sealed record OrtTensor(string Name, DType DType, Shape Shape, byte[] Bytes);

/// <summary>What a model says of an input or output.</summary>
/// <param name="Name">The name.</param>
/// <param name="DType">The element type; None if it is no tensor of numbers.</param>
/// <param name="Dims">The extents; −1 where any will do.</param>
public sealed record OrtPort(string Name, DType DType, int[] Dims);
