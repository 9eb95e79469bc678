using EdgeDL.Graphs;

namespace EdgeDL.Convert.Tests;

/// <summary>What an imported model consists of.</summary>
static class ImportedOps
{
    /// <summary>The names of the ops that its outputs hang on.</summary>
    public static IEnumerable<string> Of(Model model) => model.Graphs
        .SelectMany(Needed).Select(n => $"{n.Op.OpCode}").Distinct();

    static List<Node> Needed(Graph graph)
    {
        HashSet<int> read = [.. graph.Outputs];
        var needed = new List<Node>();
        foreach (Node node in Enumerable.Reverse(graph.Nodes))
        {
            if (node.Outputs.Any(read.Contains))
            {
                needed.Add(node);
                read.UnionWith(node.Inputs);
            }
        }

        return needed;
    }
}
