using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>
/// Which int8 values inside a graph an export stores as uint8, 128 higher: those that are only
/// quantized and dequantized. They stand for the same reals, and ONNX Runtime has kernels of
/// unsigned activations on x64; it computes a node on signed ones in floats, if two nodes read it.
/// </summary>
static class UnsignedBytes
{
    const int Distance = 128;

    /// <summary>The values, for nodes in the order they run.</summary>
    public static HashSet<int> Of(
        Graph graph, IReadOnlyList<Node> nodes, IReadOnlyList<int> inputs,
        IReadOnlyList<int> outputs)
    {
        bool IsByte(int v) =>
            graph.Values[v] is { DType: DType.Int8, Quant.IsPerTensor: true };

        // Read as reals, or moved and then read as reals.
        HashSet<int> fits = [.. nodes.SelectMany(n => n.Inputs)];
        fits.ExceptWith(outputs);
        foreach (Node node in nodes.Reverse())
        {
            if (!HasReals(node.Op) && !(node.Op is Reshape && fits.Contains(node.Outputs[0])))
            {
                fits.ExceptWith(node.Inputs);
            }
        }

        HashSet<int> unsigned = [.. inputs.Where(v => fits.Contains(v) && IsByte(v))];
        foreach (Node node in nodes)
        {
            if (node.Outputs is [var y] && fits.Contains(y) && IsByte(y)
                && (HasReals(node.Op) || unsigned.Contains(node.Inputs[0])))
            {
                unsigned.Add(y);
            }
        }

        return unsigned;
    }

    /// <summary>How much higher than the value's own zero point one of stored bytes is.</summary>
    public static int ZeroShift(Value v, DType stored) =>
        v.DType == DType.Int8 && stored == DType.UInt8 ? Distance : 0;

    // Ops that ask for their operands as reals and give reals.
    static bool HasReals(Op op) => op is Quantize or Conv2D or DepthwiseConv2D or FullyConnected
        or Add or Sub or Mul or Div or Mean or AveragePool2D;
}
