using EdgeDL.Convert.Onnx.Schema;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>Puts nodes after those that feed them; files in order stay as they are.</summary>
static class NodeOrder
{
    /// <summary>The nodes in an order in which they can run.</summary>
    /// <exception cref="InvalidModelException">They feed each other in a circle.</exception>
    public static IReadOnlyList<NodeProto> Sort(IReadOnlyList<NodeProto> nodes)
    {
        var makers = new Dictionary<string, int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string output in nodes[i].Output)
            {
                if (output.Length > 0 && !makers.TryAdd(output, i))
                {
                    throw Reject.Model($"value '{output}'", "two nodes compute it");
                }
            }
        }

        var needs = new List<int>[nodes.Count];
        bool isSorted = true;
        for (int i = 0; i < nodes.Count; i++)
        {
            needs[i] = [];
            foreach (string name in FreeNames.Of(nodes[i]))
            {
                if (makers.TryGetValue(name, out int maker))
                {
                    needs[i].Add(maker);
                    isSorted &= maker < i;
                }
            }
        }

        return isSorted ? nodes : [.. Sorted(nodes, needs)];
    }

    static IEnumerable<NodeProto> Sorted(IReadOnlyList<NodeProto> nodes, List<int>[] needs)
    {
        var readers = new List<int>[nodes.Count];
        var missing = new int[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            readers[i] = [];
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            missing[i] = needs[i].Count;
            needs[i].ForEach(need => readers[need].Add(i));
        }

        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < nodes.Count; i++)
        {
            if (missing[i] == 0)
            {
                ready.Enqueue(i, i);
            }
        }

        var order = new List<NodeProto>();
        while (ready.TryDequeue(out int node, out _))
        {
            order.Add(nodes[node]);
            foreach (int reader in readers[node])
            {
                if (--missing[reader] == 0)
                {
                    ready.Enqueue(reader, reader);
                }
            }
        }

        if (order.Count < nodes.Count)
        {
            int stuck = Array.FindIndex(missing, m => m > 0);
            throw Reject.Model(
                $"{nodes[stuck].OpType} '{nodes[stuck].Output.FirstOrDefault()}'",
                "it needs its own result: nodes feed each other in a circle");
        }

        return order;
    }
}

/// <summary>The names that a node reads, those of its bodies included.</summary>
static class FreeNames
{
    public static IEnumerable<string> Of(NodeProto node)
    {
        var names = new HashSet<string>(node.Input.Where(name => name.Length > 0));
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.G is { } body)
            {
                names.UnionWith(Of(body));
            }

            foreach (GraphProto graph in attribute.Graphs)
            {
                names.UnionWith(Of(graph));
            }
        }

        return names;
    }

    /// <summary>The names that a body reads from around it.</summary>
    public static HashSet<string> Of(GraphProto body)
    {
        var own = new HashSet<string>(body.Input.Select(i => i.Name));
        own.UnionWith(body.Initializer.Select(i => i.Name));
        own.UnionWith(body.SparseInitializer.Select(s => s.Values?.Name ?? ""));
        own.UnionWith(body.Node.SelectMany(n => n.Output));
        var free = new HashSet<string>(body.Node.SelectMany(Of));
        free.UnionWith(body.Output.Select(o => o.Name));
        free.ExceptWith(own);
        return free;
    }
}
