using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// Chooses which nodes of a region work on permuted tensors, so that the transposes that remain
/// move the fewest bytes: a minimum cut, with one vertex a node, and one a value for "somebody
/// needs it as it is" and "somebody needs it permuted".
/// </summary>
sealed class LayoutCut
{
    /// <summary>What a transpose costs beyond its bytes: as long as it takes to start it.</summary>
    public const long NodeCost = 4096;

    // One that only renames axes of extent 1.
    const long RenamingCost = 1;

    readonly GraphEdit graph;
    readonly LayoutRegion region;
    readonly MinimumCut cut = new();
    readonly Dictionary<Node, int> vertexOf = [];

    public LayoutCut(GraphEdit graph, LayoutRegion region)
    {
        this.graph = graph;
        this.region = region;
        foreach (Node node in region.Plans.Keys)
        {
            vertexOf.Add(node, cut.AddVertex());
        }

        foreach ((int value, int[] perm) in region.Perms)
        {
            Add(value, perm);
        }

        Gain = cut.CostOfNothing - cut.Solve();
    }

    /// <summary>What the best choice saves.</summary>
    public long Gain { get; }

    public bool IsPermuted(Node node) => cut.IsOnSourceSide(vertexOf[node]);

    void Add(int value, int[] perm)
    {
        Node? maker = graph.Maker(value);
        var readers = new List<int>();
        bool isNeededAsIs = graph.IsOutput(value);
        bool hasPermuted = false;
        long readAsIs = 0;
        long readPermuted = 0;
        int[] inverse = Permutation.Inverse(perm);
        foreach (Node reader in graph.Readers(value).Distinct())
        {
            if (region.Plans.TryGetValue(reader, out Relayout? plan)
                && Takes(reader, plan, value))
            {
                readers.Add(vertexOf[reader]);
            }
            else if (reader.Op is Transpose t && !region.Perms.ContainsKey(reader.Outputs[0]))
            {
                int[] rest = Permutation.Compose(inverse, t.Perm);
                readAsIs += Cost(value, t.Perm, perm: null);
                readPermuted += Cost(value, rest, perm);
                hasPermuted |= Permutation.KeepsOrder(
                    rest, Permutation.Apply(perm, graph.Value(value).Shape));
            }
            else
            {
                isNeededAsIs = true;
            }
        }

        long cost = Cost(value, perm, perm: null);
        if (maker is not null && vertexOf.TryGetValue(maker, out int m)
            && Writes(maker, value))
        {
            long least = Math.Min(readAsIs, readPermuted);
            cut.Add(MinimumCut.Source, m, readAsIs - least);
            cut.Add(m, MinimumCut.Sink, readPermuted - least);
            AsIs(m, readers, isNeededAsIs, cost);
            Permuted(m, readers, hasPermuted ? 0 : cost);
        }
        else if (maker?.Op is Transpose q && !region.Perms.ContainsKey(maker.Inputs[0]))
        {
            int before = maker.Inputs[0];
            AsIs(MinimumCut.Source, readers, isNeededAsIs, Cost(before, q.Perm, perm: null));
            Permuted(
                MinimumCut.Sink, readers,
                Cost(before, Permutation.Compose(q.Perm, perm), perm: null));
        }
        else
        {
            Permuted(MinimumCut.Sink, readers, hasPermuted ? 0 : cost);
        }
    }

    // Paid if the maker is on the source's side, and somebody needs the value as it is.
    void AsIs(int maker, List<int> readers, bool always, long cost)
    {
        if (always && maker == MinimumCut.Source)
        {
            return;
        }

        if (always)
        {
            cut.Add(maker, MinimumCut.Sink, cost);
            return;
        }

        int any = cut.AddVertex();
        cut.Add(maker, any, cost);
        foreach (int reader in readers)
        {
            cut.Add(any, reader, MinimumCut.Infinite);
        }
    }

    // Paid if the maker is on the sink's side, and somebody needs the value permuted.
    void Permuted(int maker, List<int> readers, long cost)
    {
        int any = cut.AddVertex();
        cut.Add(any, maker, cost);
        foreach (int reader in readers)
        {
            cut.Add(reader, any, MinimumCut.Infinite);
        }
    }

    bool Takes(Node reader, Relayout plan, int value)
    {
        for (int i = 0; i < reader.Inputs.Length; i++)
        {
            if (reader.Inputs[i] == value
                && !LayoutRegion.IsOperand(graph, value, plan.Inputs[i]))
            {
                return false;
            }
        }

        return true;
    }

    bool Writes(Node maker, int value) =>
        region.Plans[maker].Outputs[Array.IndexOf(maker.Outputs, value)] is not null;

    // Of a transpose of a value, which itself lies permuted by perm.
    long Cost(int value, ReadOnlySpan<int> transpose, int[]? perm)
    {
        Value v = graph.Value(value);
        var shape = perm is null ? v.Shape : Permutation.Apply(perm, v.Shape);
        return Permutation.KeepsOrder(transpose, shape)
            ? (IsIdentity(transpose) ? 0 : RenamingCost)
            : v.Bytes + NodeCost;
    }

    static bool IsIdentity(ReadOnlySpan<int> perm)
    {
        for (int d = 0; d < perm.Length; d++)
        {
            if (perm[d] != d)
            {
                return false;
            }
        }

        return true;
    }
}
