using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// Transposes next to each other: two in a row become one, two of the same value become one, one
/// that moves nothing goes, and so does one that nobody reads.
/// </summary>
static class TransposeJoining
{
    /// <summary>Returns how many transposes went.</summary>
    public static int Run(GraphEdit graph)
    {
        int gone = 0;
        var made = new Dictionary<string, Node>();
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not Transpose transpose
                || graph.Value(node.Inputs[0]).Constant is not null)
            {
                continue;
            }

            while (graph.Maker(node.Inputs[0]) is { Op: Transpose first } before)
            {
                // y[d] = mid[p[d]] and mid[d] = x[q[d]], so y[d] = x[q[p[d]]].
                transpose = new Transpose(Permutation.Compose(first.Perm, transpose.Perm));
                graph.Rewire(node, transpose, before.Inputs[0]);
            }

            string key = $"{node.Inputs[0]}:{string.Join(',', transpose.Perm.ToArray())}";
            bool isShared = made.TryGetValue(key, out Node? twin)
                && SameQuant(graph, twin.Outputs[0], node.Outputs[0]);
            int source = isShared ? twin!.Outputs[0] : node.Inputs[0];
            if ((isShared || IsIdentity(graph, node, transpose))
                && graph.Replace(node.Outputs[0], source))
            {
                graph.Remove(node);
                gone++;
            }
            else
            {
                made.TryAdd(key, node);
            }
        }

        Node[] nodes = graph.Nodes;
        for (int n = nodes.Length - 1; n >= 0; n--)
        {
            if (nodes[n].Op is Transpose or Reshape && graph.Readers(nodes[n].Outputs[0]).Count == 0
                && !graph.IsOutput(nodes[n].Outputs[0]))
            {
                gone += nodes[n].Op is Transpose ? 1 : 0;
                graph.Remove(nodes[n]);
            }
        }

        return gone;
    }

    static bool IsIdentity(GraphEdit graph, Node node, Transpose transpose)
    {
        for (int d = 0; d < transpose.Perm.Length; d++)
        {
            if (transpose.Perm[d] != d)
            {
                return false;
            }
        }

        return SameQuant(graph, node.Inputs[0], node.Outputs[0]);
    }

    static bool SameQuant(GraphEdit graph, int a, int b) =>
        Quantization.Same(graph.Value(a).Quant, graph.Value(b).Quant);
}
