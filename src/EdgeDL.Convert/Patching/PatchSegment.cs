using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Patching;

/// <summary>
/// Neighbouring layers that read one value from outside and give one value to it: what lies
/// between may exist patch by patch.
/// </summary>
sealed class PatchSegment
{
    readonly Graph graph;
    readonly Dictionary<int, int> places = [];

    PatchSegment(Graph graph, int first, List<LayerWindow> layers, List<int> values)
    {
        this.graph = graph;
        First = first;
        Layers = layers;
        Values = values;
        for (int i = 0; i < values.Count; i++)
        {
            places[values[i]] = i;
        }
    }

    /// <summary>The graph's node that is the first layer.</summary>
    public int First { get; }

    /// <summary>The graph's node that is the last layer.</summary>
    public int Last => First + Layers.Count - 1;

    public IReadOnlyList<LayerWindow> Layers { get; }

    /// <summary>The graph's values: what the segment reads, then what each layer makes.</summary>
    public IReadOnlyList<int> Values { get; }

    public int Input => Values[0];

    public int Output => Values[^1];

    public Value this[int place] => graph.Values[Values[place]];

    public int PlaceOf(int value) => places[value];

    /// <summary>Height or width of a value.</summary>
    public int Extent(int place, bool isRows) => this[place].Shape[isRows ? 1 : 2];

    /// <summary>
    /// What must stand beyond the edges of a value; null if no layer that reads it pads, or none
    /// of the axes that pad is cut.
    /// </summary>
    public BorderFill? Fill(int place, bool cutsRows, bool cutsColumns)
    {
        foreach (LayerWindow layer in Layers)
        {
            if (layer.Reads.Contains(Values[place])
                && ((cutsRows && layer.Rows.IsPadded) || (cutsColumns && layer.Columns.IsPadded)))
            {
                return layer.Fill;
            }
        }

        return null;
    }

    /// <summary>Every segment of a graph that starts at one node, the shortest first.</summary>
    public static IEnumerable<PatchSegment> From(Graph graph, LayerWindow?[] layers, int first)
    {
        const int MostLayers = 48;
        int[] lastUse = LastUses(graph);
        int input = -1;
        var chosen = new List<LayerWindow>();
        var values = new List<int>();
        for (int n = first; n < layers.Length && chosen.Count < MostLayers; n++)
        {
            if (layers[n] is not { } layer)
            {
                yield break;
            }

            foreach (int read in layer.Reads)
            {
                if (values.IndexOf(read) < 0)
                {
                    if (input >= 0)
                    {
                        yield break;
                    }

                    input = read;
                    values.Add(read);
                }
            }

            chosen.Add(layer);
            values.Add(graph.Nodes[n].Outputs[0]);
            // What is made on the way and read by layers that come behind would be lost.
            bool isClosed = values.Skip(1).SkipLast(1).All(v => lastUse[v] <= n);
            if (isClosed && lastUse[values[^1]] > n)
            {
                var segment = new PatchSegment(graph, first, [.. chosen], [.. values]);
                if (segment.HasOneFillEach())
                {
                    yield return segment;
                }
            }
        }
    }

    bool HasOneFillEach()
    {
        for (int place = 0; place < Values.Count; place++)
        {
            var fills = Layers.Where(l => l.Reads.Contains(Values[place])
                && (l.Rows.IsPadded || l.Columns.IsPadded)).Select(l => l.Fill);
            if (fills.Distinct().Count() > 1)
            {
                return false;
            }
        }

        return true;
    }

    static int[] LastUses(Graph graph)
    {
        int[] last = new int[graph.Values.Count];
        Array.Fill(last, -1);
        for (int n = 0; n < graph.Nodes.Count; n++)
        {
            foreach (int v in graph.Nodes[n].Inputs)
            {
                if (v >= 0)
                {
                    last[v] = n;
                }
            }
        }

        foreach (int v in graph.Outputs)
        {
            last[v] = graph.Nodes.Count;
        }

        return last;
    }
}
