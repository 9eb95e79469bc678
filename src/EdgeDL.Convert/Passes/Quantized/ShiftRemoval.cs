using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Quantized;

/// <summary>
/// Lets what reads a shift between int8 and uint8 read what is before it, where that is the same:
/// dequantizations, and quantizations to another scale. Two that undo each other go.
/// </summary>
sealed class ShiftRemoval : IPass
{
    public string Name => "shift-removal";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not (Dequantize or Quantize) || !graph.Has(node)
                || graph.Maker(node.Inputs[0]) is not { } shift
                || !ByteForms.IsShift(graph, shift))
            {
                continue;
            }

            int x = shift.Inputs[0];
            Value from = graph.Value(x);
            Value to = graph.Value(node.Outputs[0]);
            if (from.DType == to.DType && Quantization.Same(from.Quant, to.Quant))
            {
                if (graph.Replace(node.Outputs[0], x))
                {
                    graph.Remove(node);
                    did($"took out {node}: {shift} undoes it");
                }
            }
            else
            {
                graph.Rewire(node, node.Op, x);
                did($"{node} reads past {shift}");
            }
        }
    }
}
