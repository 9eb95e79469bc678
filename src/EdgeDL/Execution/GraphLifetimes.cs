using EdgeDL.Graphs;
using EdgeDL.Memory;
using EdgeDL.Ops;

namespace EdgeDL.Execution;

/// <summary>
/// Which values of a graph share memory (views, in-place results), and from which step to which
/// each storage lives. Desk and device run the same code, so that a device can check a plan.
/// </summary>
sealed class GraphLifetimes
{
    readonly List<ArenaRequest> requests = [];

    /// <param name="graph">The graph, proven by <see cref="Inference"/>.</param>
    /// <param name="notes">Its nodes' notes.</param>
    /// <param name="callBytes">For each node, the bytes of the largest graph it calls.</param>
    public GraphLifetimes(Graph graph, NodeNotes[] notes, long[] callBytes)
    {
        int values = graph.Values.Count;
        StorageOf = new int[values];
        ScratchOf = new int[notes.Length];
        int[] last = LastUses(graph);
        Array.Fill(StorageOf, -1);
        foreach (int input in graph.Inputs)
        {
            StorageOf[input] = Add(graph.Values[input].Bytes, 0, last[input]);
        }

        // The step of the last use of any member, views that come later in the graph included.
        int[] viewLast = ViewLastUses(graph, notes, last);
        for (int n = 0; n < notes.Length; n++)
        {
            Node node = graph.Nodes[n];
            for (int o = 0; o < node.Outputs.Length; o++)
            {
                int output = node.Outputs[o];
                int shared = SharedInput(graph, node, notes[n], o, n, viewLast);
                StorageOf[output] = shared >= 0
                    ? Extend(StorageOf[shared], viewLast[output])
                    : Add(graph.Values[output].Bytes, n, viewLast[output]);
            }

            long scratch = Arena.Align(notes[n].ScratchBytes) + callBytes[n];
            ScratchOf[n] = scratch > 0 ? Add(scratch, n, n) : -1;
        }
    }

    /// <summary>
    /// For each value its request, or −1 for constants and values that nothing writes.
    /// </summary>
    public int[] StorageOf { get; }

    /// <summary>For each node the request of its scratch, or −1.</summary>
    public int[] ScratchOf { get; }

    /// <summary>The storages with their lifetimes in steps.</summary>
    public IReadOnlyList<ArenaRequest> Requests => requests;

    static int[] LastUses(Graph graph)
    {
        int[] last = new int[graph.Values.Count];
        for (int n = 0; n < graph.Nodes.Count; n++)
        {
            foreach (int output in graph.Nodes[n].Outputs)
            {
                last[output] = n;
            }

            foreach (int input in graph.Nodes[n].Inputs)
            {
                if (input >= 0)
                {
                    last[input] = n;
                }
            }
        }

        foreach (int output in graph.Outputs)
        {
            last[output] = graph.Nodes.Count;
        }

        return last;
    }

    static int[] ViewLastUses(Graph graph, NodeNotes[] notes, int[] last)
    {
        int[] viewLast = (int[])last.Clone();
        for (int n = notes.Length - 1; n >= 0; n--)
        {
            Node node = graph.Nodes[n];
            for (int o = 0; o < node.Outputs.Length; o++)
            {
                int input = notes[n].View[o] is >= 0 and var i ? node.Inputs[i] : -1;
                if (input >= 0)
                {
                    viewLast[input] = Math.Max(viewLast[input], viewLast[node.Outputs[o]]);
                }
            }
        }

        return viewLast;
    }

    // The value whose storage output o takes, or −1.
    int SharedInput(Graph graph, Node node, NodeNotes notes, int o, int step, int[] viewLast)
    {
        int view = notes.View[o] is >= 0 and var v ? node.Inputs[v] : -1;
        if (view >= 0 && StorageOf[view] >= 0)
        {
            return view;
        }

        int input = notes.InPlace[o] is >= 0 and var i ? node.Inputs[i] : -1;
        if (input < 0 || StorageOf[input] < 0)
        {
            return -1;
        }

        int storage = StorageOf[input];
        bool fits = requests[storage].Last <= step && viewLast[input] <= step
            && graph.Values[node.Outputs[o]].Bytes <= graph.Values[input].Bytes;
        foreach (int other in node.Inputs)
        {
            // Another tensor in the same storage might be read at another place.
            fits &= other < 0 || other == input || StorageOf[other] != storage;
        }

        for (int earlier = 0; earlier < o; earlier++)
        {
            fits &= StorageOf[node.Outputs[earlier]] != storage;
        }

        return fits ? input : -1;
    }

    int Add(long bytes, int first, int last)
    {
        requests.Add(new ArenaRequest(bytes, first, Math.Max(first, last)));
        return requests.Count - 1;
    }

    int Extend(int storage, int last)
    {
        ArenaRequest r = requests[storage];
        requests[storage] = r with { Last = Math.Max(r.Last, last) };
        return storage;
    }
}
