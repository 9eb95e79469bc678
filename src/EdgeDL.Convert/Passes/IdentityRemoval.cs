using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// Takes out nodes that give what they get, and reshapes of reshapes: only the last shape counts.
/// </summary>
sealed class IdentityRemoval : IPass
{
    public string Name => "identity-removal";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Op.OpCode == OpCode.Reshape
                && graph.Maker(node.Inputs[0]) is { Op.OpCode: OpCode.Reshape } first)
            {
                did($"let {node} skip {first}");
                graph.Rewire(node, node.Op, first.Inputs[0]);
            }

            if (IsIdentity(graph, node) && graph.Replace(node.Outputs[0], node.Inputs[0]))
            {
                graph.Remove(node);
                did($"took out {node}, which changes nothing");
            }
        }
    }

    static bool IsIdentity(GraphEdit graph, Node node)
    {
        if (node.Inputs.Length == 0 || node.Inputs[0] < 0 || node.Outputs.Length != 1)
        {
            return false;
        }

        Value x = graph.Value(node.Inputs[0]);
        Value y = graph.Value(node.Outputs[0]);
        bool same = x.DType == y.DType && x.Shape == y.Shape && Quantization.Same(x.Quant, y.Quant);
        // Where nothing is cut off or added, a slice, a border and a repetition give all of x.
        return same
            && node.Op is Reshape or Identity or Cast or Slice or Pad or Tile or BroadcastTo;
    }
}
