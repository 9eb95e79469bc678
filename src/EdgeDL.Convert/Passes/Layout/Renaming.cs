using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// Transposes that move only axes of extent 1 cost nothing as reshapes. While transposes are
/// being cancelled they count as transposes, so that those around an op go together.
/// </summary>
static class Renaming
{
    static readonly int[] ToLast = [0, 2, 3, 1];
    static readonly int[] FromLast = [0, 3, 1, 2];

    public static void AsTransposes(GraphEdit graph)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is Reshape && IsSettled(graph, node)
                && Moved(graph.Value(node.Inputs[0]).Shape, graph.Value(node.Outputs[0]).Shape)
                    is { } perm)
            {
                graph.Rewire(node, new Transpose(perm), node.Inputs[0]);
            }
        }
    }

    public static void AsReshapes(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is Transpose transpose && IsSettled(graph, node)
                && Permutation.KeepsOrder(transpose.Perm, graph.Value(node.Inputs[0]).Shape))
            {
                Shape y = graph.Value(node.Outputs[0]).Shape;
                graph.Rewire(node, new Reshape(y.ToArray()), node.Inputs[0]);
                did($"{node.Name} moves no element: a reshape, which costs nothing");
            }
        }
    }

    // Of [N, 1, 1, C] and [N, C, 1, 1], where C is not 1.
    static int[]? Moved(Shape x, Shape y)
    {
        if (x.Rank != 4 || y.Rank != 4 || x == y)
        {
            return null;
        }

        foreach (int[] perm in new[] { ToLast, FromLast })
        {
            if (Permutation.Apply(perm, x) == y && Permutation.KeepsOrder(perm, x))
            {
                return perm;
            }
        }

        return null;
    }

    static bool IsSettled(GraphEdit graph, Node node)
    {
        Quantization? x = graph.Value(node.Inputs[0]).Quant;
        Quantization? y = graph.Value(node.Outputs[0]).Quant;
        return Quantization.Same(x, y) && x is null or { IsPerTensor: true };
    }
}
