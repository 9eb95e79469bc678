using EdgeDL.Graphs;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// Takes the values that nothing refers to out of a graph and renumbers the rest.
/// </summary>
static class UnusedValues
{
    public static void Remove(Graph graph)
    {
        var used = new bool[graph.Values.Count];
        foreach (int v in graph.Inputs.Concat(graph.Outputs))
        {
            used[v] = true;
        }

        foreach (Node node in graph.Nodes)
        {
            foreach (int v in node.Inputs.Concat(node.Outputs))
            {
                if (v >= 0)
                {
                    used[v] = true;
                }
            }
        }

        var place = new int[used.Length];
        int count = 0;
        for (int v = 0; v < used.Length; v++)
        {
            place[v] = used[v] ? count++ : -1;
        }

        int Moved(int v) => v < 0 ? v : place[v];
        Value[] kept = [.. graph.Values.Where((_, v) => used[v])];
        graph.Values.Clear();
        graph.Values.AddRange(kept);
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            graph.Inputs[i] = Moved(graph.Inputs[i]);
        }

        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            graph.Outputs[i] = Moved(graph.Outputs[i]);
        }

        foreach (Node node in graph.Nodes)
        {
            node.Inputs = Array.ConvertAll(node.Inputs, Moved);
            node.Outputs = Array.ConvertAll(node.Outputs, Moved);
        }
    }
}
