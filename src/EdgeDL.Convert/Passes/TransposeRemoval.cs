using EdgeDL.Convert.Passes.Layout;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// Cancels transposes. From each one a region grows of nodes that could work on tensors permuted
/// by it; a minimum cut chooses those that do so that the fewest bytes are transposed. What is
/// left and moves only axes of extent 1 becomes a reshape.
/// </summary>
sealed class TransposeRemoval : IPass
{
    public string Name => "transpose-removal";

    public void Run(GraphEdit graph, Action<string> did)
    {
        if (!graph.Graph.Nodes.Exists(n => n.Op is Transpose))
        {
            return;
        }

        Renaming.AsTransposes(graph);
        int gone = TransposeJoining.Run(graph);
        if (gone > 0)
        {
            did($"joined transposes, {gone} went");
        }

        // Every sweep lowers the cost; should one not, it was the last.
        long cost = Cost(graph);
        while (cost > 0 && Sweep(graph, did))
        {
            long now = Cost(graph);
            if (now >= cost)
            {
                break;
            }

            cost = now;
        }

        Renaming.AsReshapes(graph, did);
    }

    static long Cost(GraphEdit graph) => graph.Graph.Nodes.Sum(n => n.Op is not Transpose t ? 0
        : Permutation.KeepsOrder(t.Perm, graph.Value(n.Inputs[0]).Shape) ? 1
        : graph.Value(n.Inputs[0]).Bytes + LayoutCut.NodeCost);

    // Every transpose is the seed of a region once; false if none was worth rewriting.
    static bool Sweep(GraphEdit graph, Action<string> did)
    {
        bool changed = false;
        var tried = new HashSet<(int, string)>();
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not Transpose transpose || !graph.Has(node))
            {
                continue;
            }

            int[] perm = transpose.Perm.ToArray();
            string? line = Improve(graph, node, node.Outputs[0], Permutation.Inverse(perm), tried)
                ?? Improve(graph, node, node.Inputs[0], perm, tried);
            if (line is not null)
            {
                did(line);
                changed = true;
            }
        }

        return changed;
    }

    // What was done to one region; null if the best is to leave it.
    static string? Improve(
        GraphEdit graph, Node seed, int value, int[] perm, HashSet<(int, string)> tried)
    {
        if (graph.IsConstant(value) || !tried.Add((value, string.Join(',', perm))))
        {
            return null;
        }

        var region = new LayoutRegion(graph, value, perm);
        foreach ((int v, int[] p) in region.Perms)
        {
            tried.Add((v, string.Join(',', p)));
        }

        if (region.Plans.Count == 0)
        {
            return null;
        }

        var cut = new LayoutCut(graph, region);
        if (cut.Gain <= 0)
        {
            return null;
        }

        int nodes = LayoutRewrite.Run(graph, region, cut);
        int gone = TransposeJoining.Run(graph);
        return $"{nodes} nodes around {seed} work on permuted tensors, {gone} transposes went";
    }
}
