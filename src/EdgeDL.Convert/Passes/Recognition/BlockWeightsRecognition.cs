using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>
/// A fully connected layer of reals by Int4 weights that are dequantized in blocks multiplies by
/// the nibbles.
/// </summary>
sealed class BlockWeightsRecognition : IPass
{
    public string Name => "block-weights-recognition";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is FullyConnected { KeepDims: true } layer
                && graph.Value(node.Inputs[0]).DType == DType.Float32
                && graph.Maker(node.Inputs[1]) is { Op: Dequantize } dequantize
                && graph.Value(dequantize.Inputs[0]) is
                    { DType: DType.Int4, Constant: not null, Quant.BlockSize: > 0 } weights
                && weights.Quant.BlockSize % 2 == 0)
            {
                var op = new BlockFullyConnected(BlockInputs.Float, layer.Activation);
                graph.Rewire(
                    node, op, [node.Inputs[0], dequantize.Inputs[0], .. node.Inputs[2..]]);
                did($"{node.Name} multiplies by {weights.Name}, which stays {weights.DType}");
            }
        }
    }
}
