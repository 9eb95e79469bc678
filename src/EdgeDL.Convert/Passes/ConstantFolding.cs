using EdgeDL.Graphs;

namespace EdgeDL.Convert.Passes;

/// <summary>Computes nodes whose inputs are all constant, by the ops that would run them.</summary>
sealed class ConstantFolding : IPass
{
    public string Name => "constant-folding";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (ConstantEvaluator.TryFold(graph.Graph, node, graph.Budget))
            {
                graph.Remove(node);
                did($"computed {node}");
            }
        }
    }
}
