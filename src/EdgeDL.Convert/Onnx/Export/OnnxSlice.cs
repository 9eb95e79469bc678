namespace EdgeDL.Convert.Onnx.Export;

/// <summary>A part of a graph as an ONNX model of its own.</summary>
/// <param name="Bytes">The ONNX file.</param>
/// <param name="Inputs">The graph's values that the part reads, in the order of its inputs.</param>
/// <param name="Outputs">The graph's values that others read of it, in the order of its outputs.
/// </param>
/// <param name="InputNames">What the inputs are called.</param>
/// <param name="OutputNames">What the outputs are called.</param>
public sealed record OnnxSlice(
    byte[] Bytes, int[] Inputs, int[] Outputs, string[] InputNames, string[] OutputNames);
