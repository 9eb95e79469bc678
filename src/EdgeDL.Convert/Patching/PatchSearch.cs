using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Memory;

namespace EdgeDL.Convert.Patching;

/// <summary>
/// Which segments to cut, and how: the cheapest way through the graph, node by node or segment by
/// segment, on which nothing is above a target. Peaks are those of the values that live; the plan
/// that follows has the last word.
/// </summary>
sealed class PatchSearch
{
    readonly Graph graph;
    readonly ModelAnalysis analysis;
    readonly long[] liveBytes;
    readonly List<PatchChoice>[] choices;

    public PatchSearch(Model model)
    {
        graph = model.Main;
        analysis = ModelAnalysis.Of(model);
        GraphPlan plan = analysis.Plan.Graphs[0];
        liveBytes = new long[graph.Nodes.Count];
        foreach (ArenaRequest r in plan.Storages)
        {
            for (int n = r.First; n <= Math.Min(r.Last, liveBytes.Length - 1); n++)
            {
                liveBytes[n] += Arena.Align(r.Bytes);
            }
        }

        LayerWindow?[] layers = [.. graph.Nodes.Select(n => LayerWindow.Of(graph, n))];
        choices = new List<PatchChoice>[layers.Length];
        for (int first = 0; first < layers.Length; first++)
        {
            choices[first] = [];
            foreach (PatchSegment segment in PatchSegment.From(graph, layers, first))
            {
                long[] macs = [.. Enumerable.Range(first, segment.Layers.Count)
                    .Select(n => analysis.Macs(0, n))];
                choices[first].AddRange(
                    PatchChoices.Of(segment, macs, Around(plan, segment)));
            }
        }
    }

    /// <summary>Multiply-accumulates without patches.</summary>
    public long Macs => analysis.TotalMacs;

    /// <summary>Every peak that a node or a choice has, the smallest first.</summary>
    public long[] Peaks() =>
    [
        .. liveBytes.Concat(choices.SelectMany(c => c.Select(choice => choice.PeakBytes)))
            .Distinct().Order(),
    ];

    /// <summary>The cheapest choices that keep every step within a target; null if there are
    /// none.</summary>
    public List<PatchChoice>? Within(long target)
    {
        int count = liveBytes.Length;
        long[] cost = new long[count + 1];
        var taken = new PatchChoice?[count];
        for (int n = count - 1; n >= 0; n--)
        {
            cost[n] = liveBytes[n] <= target ? cost[n + 1] : long.MaxValue;
            foreach (PatchChoice choice in choices[n])
            {
                long behind = cost[choice.Segment.Last + 1];
                if (choice.PeakBytes <= target && behind < long.MaxValue
                    && choice.Cost + behind < cost[n])
                {
                    cost[n] = choice.Cost + behind;
                    taken[n] = choice;
                }
            }
        }

        if (cost[0] == long.MaxValue)
        {
            return null;
        }

        var path = new List<PatchChoice>();
        for (int n = 0; n < count; n++)
        {
            if (taken[n] is { } choice)
            {
                path.Add(choice);
                n = choice.Segment.Last;
            }
        }

        return path;
    }

    // What lives when a segment begins and is not made in it: its input, and what passes by.
    long Around(GraphPlan plan, PatchSegment segment)
    {
        var made = segment.Values.Skip(1).ToHashSet();
        var storages = new HashSet<int>();
        long bytes = 0;
        foreach (int v in Enumerable.Range(0, graph.Values.Count))
        {
            int storage = plan.StorageOf[v];
            if (storage < 0 || made.Contains(v) || !LivesAt(v, segment) || !storages.Add(storage))
            {
                continue;
            }

            bytes += Arena.Align(plan.Storages[storage].Bytes);
        }

        return bytes;
    }

    bool LivesAt(int value, PatchSegment segment)
    {
        bool isBefore = graph.Inputs.Contains(value);
        for (int n = 0; n < segment.First && !isBefore; n++)
        {
            isBefore = graph.Nodes[n].Outputs.Contains(value);
        }

        bool isRead = graph.Outputs.Contains(value);
        for (int n = graph.Nodes.Count - 1; n >= segment.First && !isRead; n--)
        {
            isRead = graph.Nodes[n].Inputs.Contains(value);
        }

        return isBefore && isRead;
    }
}
