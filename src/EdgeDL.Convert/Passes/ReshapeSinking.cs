using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// Puts a reshape behind functions of one number and changes of scale, so that these stand next
/// to the op whose result they take and can be fused into it.
/// </summary>
sealed class ReshapeSinking : IPass
{
    public string Name => "reshape-sinking";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (!IsByElement(node) || !graph.Has(node)
                || graph.Maker(node.Inputs[0]) is not { Op: Reshape } reshape
                || graph.OnlyReader(reshape.Outputs[0]) != node
                || IsPerAxis(graph, node.Inputs[0]) || IsPerAxis(graph, node.Outputs[0])
                || graph.Maker(reshape.Inputs[0]) is null)
            {
                continue;
            }

            int y = node.Outputs[0];
            Value result = graph.Value(y);
            Value x = graph.Value(reshape.Inputs[0]);
            int own = graph.AddValue(result.Name, result.DType, x.Shape, result.Quant);
            graph.Rewire(node, node.Op, reshape.Inputs[0]);
            graph.Redirect(node, [own]);
            graph.Remove(reshape);
            graph.InsertAfter(node, new Node(
                reshape.Name, new Reshape(result.Shape.ToArray()), [own], [y]));
            did($"{reshape} comes behind {node}");
        }
    }

    static bool IsByElement(Node node) => node.Inputs.Length == 1
        && node.Op.OpCode is (>= OpCode.Abs and < OpCode.Add) or OpCode.Quantize
            or OpCode.Cast;

    static bool IsPerAxis(GraphEdit graph, int value) =>
        graph.Value(value).Quant is { IsPerTensor: false };
}
