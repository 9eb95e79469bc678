using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Patching;

/// <summary>Puts one node that runs patches in the place of each chosen segment.</summary>
static class PatchRewrite
{
    /// <summary>Rewrites the main graph, whose nodes are copied first; the graphs of the patches
    /// are added to the model.</summary>
    public static void Apply(Model model, IReadOnlyList<PatchChoice> choices)
    {
        Graph old = model.Main;
        var main = new Graph(old.Name);
        main.Values.AddRange(old.Values);
        main.Inputs.AddRange(old.Inputs);
        main.Outputs.AddRange(old.Outputs);
        model.Graphs[0] = main;
        model.Plan = null;
        int next = 0;
        foreach (PatchChoice choice in choices)
        {
            CopyNodes(old, main, next, choice.Segment.First);
            main.Nodes.Add(Patched(model, old, choice));
            next = choice.Segment.Last + 1;
        }

        CopyNodes(old, main, next, old.Nodes.Count);
        Passes.UnusedValues.Remove(main);
    }

    static void CopyNodes(Graph from, Graph to, int first, int end) => to.Nodes.AddRange(
        from.Nodes[first..end].Select(n => new Node(n.Name, n.Op, n.Inputs, n.Outputs)));

    static Node Patched(Model model, Graph old, in PatchChoice choice)
    {
        PatchSegment segment = choice.Segment;
        Value y = old.Values[segment.Output];
        string name = $"{old.Nodes[segment.Last].Name.Split(';')[0]} in patches";
        var body = new PatchBody(model, old, choice, name);
        body.Fill();
        return new Node(
            name,
            new Patches(
                body.GraphIndex, y.Shape[1], y.Shape[2], body.Rows[0].Axis, body.Columns[0].Axis,
                body.FillOf(0) ?? BorderFill.Zero),
            [segment.Input], [segment.Output]);
    }
}

/// <summary>The graph that computes one patch of a segment.</summary>
sealed class PatchBody
{
    readonly GraphBuilder builder;
    readonly Graph old;
    readonly PatchSegment segment;
    readonly Dictionary<int, int> constants = [];
    readonly int[] mapped;
    readonly int origin;
    readonly int lastRow;
    readonly int lastColumn;

    public PatchBody(Model model, Graph old, in PatchChoice choice, string name)
    {
        this.old = old;
        segment = choice.Segment;
        Rows = PatchRegions.Along(segment, true, choice.Rows)!;
        Columns = PatchRegions.Along(segment, false, choice.Columns)!;
        int last = segment.Values.Count - 1;
        lastRow = segment.Extent(last, true) - choice.Rows;
        lastColumn = segment.Extent(last, false) - choice.Columns;
        builder = new GraphBuilder(model, name);
        Value x = segment[0];
        mapped = new int[segment.Values.Count];
        mapped[0] = builder.Input(
            x.Name, x.DType, new Shape(x.Shape[0], Rows[0].Extent, Columns[0].Extent, x.Shape[3]),
            x.Quant);
        origin = builder.Input("origin", DType.Int32, new Shape(2));
    }

    public int GraphIndex => builder.GraphIndex;

    public PatchRegion[] Rows { get; }

    public PatchRegion[] Columns { get; }

    /// <summary>What must stand beyond the edges of a value; null if no patch shows it.</summary>
    public BorderFill? FillOf(int place)
    {
        Shape x = segment[place].Shape;
        bool rows = Rows[place].Scale > 0 && Rows[place].LeavesBorder(x[1], lastRow);
        bool columns = Columns[place].Scale > 0 && Columns[place].LeavesBorder(x[2], lastColumn);
        return segment.Fill(place, rows, columns);
    }

    /// <summary>Adds every layer, and the borders that the next ones pad with.</summary>
    public void Fill()
    {
        for (int n = 0; n < segment.Layers.Count; n++)
        {
            Node node = old.Nodes[segment.First + n];
            int[] inputs = Array.ConvertAll(node.Inputs, v => Read(n, v));
            int place = n + 1;
            Value made = segment[place];
            int y = builder.Node(
                segment.Layers[n].WithPadding(Rows[place].Scale == 0, Columns[place].Scale == 0),
                node.Name, inputs, [made.Name], [made.Quant])[0];
            if (FillOf(place) is { } fill)
            {
                y = builder.Node(
                    new PatchBorder(
                        Rows[place].Axis, Columns[place].Axis, made.Shape[1], made.Shape[2], fill),
                    $"{made.Name} border", [y, origin], made.Quant);
            }

            mapped[place] = y;
        }

        builder.Output(mapped[^1]);
    }

    int Read(int n, int value)
    {
        if (value < 0)
        {
            return -1;
        }

        Value v = old.Values[value];
        if (v.Constant is null)
        {
            return Window(n, segment.PlaceOf(value));
        }

        if (!constants.TryGetValue(value, out int known))
        {
            known = builder.Constant(v.Name, v.DType, v.Shape, v.Constant, v.Quant);
            constants.Add(value, known);
        }

        return known;
    }

    // A layer that reads less than others do reads the middle.
    int Window(int n, int place)
    {
        PatchRegion rows = Needed(n, place, isRows: true);
        PatchRegion columns = Needed(n, place, isRows: false);
        if (rows == Rows[place] && columns == Columns[place])
        {
            return mapped[place];
        }

        Shape x = segment[place].Shape;
        return builder.Node(
            new Slice(
                [0, Rows[place].Before - rows.Before, Columns[place].Before - columns.Before, 0],
                [x[0], rows.Extent, columns.Extent, x[3]]),
            $"{segment[place].Name} middle", [mapped[place]], segment[place].Quant);
    }

    PatchRegion Needed(int n, int place, bool isRows)
    {
        PatchRegion[] regions = isRows ? Rows : Columns;
        return regions[place].Scale == 0
            ? regions[place]
            : PatchRegions.Needed(segment, n, isRows, regions[n + 1]);
    }
}
