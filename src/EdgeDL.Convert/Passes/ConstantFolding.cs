using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes;

/// <summary>Computes nodes whose inputs are all constant, by the ops that would run them.</summary>
/// <param name="mayFold">Which ops are computed now; others may be wanted as they are.</param>
sealed class ConstantFolding(Predicate<Op> mayFold) : IPass
{
    public string Name => "constant-folding";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (mayFold(node.Op)
                && ConstantEvaluator.TryFold(graph.Graph, node, graph.Budget))
            {
                graph.Remove(node);
                did($"computed {node}");
            }
        }
    }
}
