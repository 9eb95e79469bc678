using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// The part of a graph that could work on permuted tensors, grown from one value: for each value
/// its permutation, for each node what it would become.
/// </summary>
sealed class LayoutRegion
{
    readonly GraphEdit graph;
    readonly Queue<int> fresh = new();

    public LayoutRegion(GraphEdit graph, int seed, int[] perm)
    {
        this.graph = graph;
        Add(seed, perm);
        while (fresh.TryDequeue(out int value))
        {
            Grow(value);
        }
    }

    /// <summary>The permutations, by value.</summary>
    public Dictionary<int, int[]> Perms { get; } = [];

    /// <summary>The nodes that can follow.</summary>
    public Dictionary<Node, Relayout> Plans { get; } = [];

    void Grow(int value)
    {
        if (graph.Maker(value) is { } maker)
        {
            Try(maker, value);
        }

        foreach (Node reader in graph.Readers(value))
        {
            Try(reader, value);
        }
    }

    void Try(Node node, int value)
    {
        if (node.Op is Transpose || Plans.ContainsKey(node))
        {
            return;
        }

        Relayout? plan = LayoutRules.Find(graph, node, value, Perms[value]);
        if (plan is null || !Fits(node, plan))
        {
            plan = Flattening.Find(graph, node, value, Perms[value]);
            if (plan is null)
            {
                return;
            }
        }

        Plans.Add(node, plan);
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            if (IsOperand(graph, node.Inputs[i], plan.Inputs[i]))
            {
                Add(node.Inputs[i], plan.Inputs[i]!);
            }
        }

        for (int o = 0; o < node.Outputs.Length; o++)
        {
            if (plan.Outputs[o] is { } perm)
            {
                Add(node.Outputs[o], perm);
            }
        }
    }

    /// <summary>
    /// True for an input whose layout costs something: constants and vectors lie any way.
    /// </summary>
    public static bool IsOperand(GraphEdit graph, int value, int[]? perm) =>
        perm is not null && !graph.IsConstant(value)
        && graph.Value(value).Shape.Rank == perm.Length;

    bool Fits(Node node, Relayout plan)
    {
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            if (IsOperand(graph, node.Inputs[i], plan.Inputs[i])
                && !Agrees(node.Inputs[i], plan.Inputs[i]!))
            {
                return false;
            }
        }

        for (int o = 0; o < node.Outputs.Length; o++)
        {
            if (plan.Outputs[o] is { } perm && !Agrees(node.Outputs[o], perm))
            {
                return false;
            }
        }

        return true;
    }

    bool Agrees(int value, int[] perm) => !Perms.TryGetValue(value, out int[]? known)
        || Permutation.SameOrder(known, perm, graph.Value(value).Shape);

    void Add(int value, int[] perm)
    {
        if (Perms.TryAdd(value, perm))
        {
            fresh.Enqueue(value);
        }
    }
}
