using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Quantized;

/// <summary>
/// Lets what reads a shift between int8 and uint8 read what is before it, where that is the same:
/// dequantizations, and quantizations to another scale. Two that undo each other go; one that
/// follows a quantization of floats becomes a quantization of floats.
/// </summary>
sealed class ShiftRemoval : IPass
{
    public string Name => "shift-removal";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (graph.Has(node) && ByteForms.IsShift(graph, node))
            {
                Raise(graph, node, did);
            }

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

    // To the front of what only moves elements, and into a quantization of floats.
    static void Raise(GraphEdit graph, Node shift, Action<string> did)
    {
        while (graph.Maker(shift.Inputs[0]) is { Op: Transpose or Reshape } move
            && graph.OnlyReader(move.Outputs[0]) == shift)
        {
            Value y = graph.Value(shift.Outputs[0]);
            int last = shift.Outputs[0];
            int x = graph.AddValue(
                y.Name, y.DType, graph.Value(move.Inputs[0]).Shape, y.Quant);
            graph.Redirect(shift, [x]);
            graph.Rewire(shift, shift.Op, move.Inputs[0]);
            graph.Remove(move);
            graph.InsertAfter(shift, new Node(move.Name, move.Op, [x], [last]));
            did($"{shift} comes before {move}");
        }

        if (graph.Maker(shift.Inputs[0]) is { Op: Quantize } quantize
            && graph.Value(quantize.Inputs[0]).DType == DType.Float32)
        {
            graph.Rewire(shift, shift.Op, quantize.Inputs[0]);
            did($"{shift} quantizes the floats of {quantize}");
        }
    }
}
