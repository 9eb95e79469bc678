using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Memory;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Pack.Inspect;

/// <summary>One tensor as a report shows it.</summary>
sealed record TensorRow(string Name, string DType, string Shape, string Quant, long Bytes);

/// <summary>One node as a report shows it.</summary>
sealed record NodeRow(
    int Index, string Name, string Op, TensorRow[] Inputs, TensorRow[] Outputs, long Macs,
    long WeightBytes, long ScratchBytes, long LiveBytes);

/// <summary>A graph that nodes call: its nodes, and the memory it takes of its caller's scratch.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Caller">Who calls it, and how often in a run.</param>
/// <param name="Bytes">The bytes it is planned to.</param>
/// <param name="LowerBoundBytes">The most that lives at one of its steps.</param>
/// <param name="Nodes">Its nodes, with the work of one call.</param>
sealed record GraphRow(
    string Name, string Caller, long Bytes, long LowerBoundBytes, NodeRow[] Nodes);

/// <summary>One storage of the arena: the tensors that share it, where and when.</summary>
sealed record StorageRow(string Name, long Offset, long Bytes, int First, int Last);

/// <summary>Everything that inspect shows, whatever the form.</summary>
sealed record ModelReport
{
    public required string Name { get; init; }

    public required long FileBytes { get; init; }

    public required TensorRow[] Inputs { get; init; }

    public required TensorRow[] Outputs { get; init; }

    public required NodeRow[] Nodes { get; init; }

    public required StorageRow[] Storages { get; init; }

    public required TensorRow[] Variables { get; init; }

    /// <summary>The graphs that nodes call.</summary>
    public required GraphRow[] Called { get; init; }

    public int Subgraphs => Called.Length;

    public required int Labels { get; init; }

    public required Preprocessing[] Preprocessing { get; init; }

    public required KeyValuePair<string, string>[] Metadata { get; init; }

    public required long Macs { get; init; }

    public required long WeightBytes { get; init; }

    /// <summary>The CPU that the weights are packed for as well, or null.</summary>
    public required string? Target { get; init; }

    /// <summary>What that adds to the file.</summary>
    public required long PackedBytes { get; init; }

    public required long ActivationBytes { get; init; }

    public required long PersistentBytes { get; init; }

    public required long LowerBoundBytes { get; init; }

    /// <summary>Nodes, of all graphs, that only put elements in another order.</summary>
    public required int Transposes { get; init; }

    /// <summary>What they write, each once.</summary>
    public required long TransposedBytes { get; init; }

    /// <summary>What a session's tensor arena takes, to the byte.</summary>
    public long ArenaBytes => ActivationBytes + PersistentBytes;

    public static ModelReport Of(Model model, string name, long fileBytes)
    {
        ModelAnalysis analysis = ModelAnalysis.Of(model);
        MemoryPlan plan = analysis.Plan;
        GraphPlan main = plan.Graphs[0];
        var weights = new HashSet<Constant>(ReferenceEqualityComparer.Instance);
        foreach (Graph graph in model.Graphs)
        {
            weights.UnionWith(graph.Values.Where(v => v.Constant is not null).Select(
                v => v.Constant!));
        }

        Value[] transposed =
        [
            .. model.Graphs.SelectMany(g => g.Nodes
                .Where(n => n.Op is Transpose).Select(n => g.Values[n.Outputs[0]])),
        ];
        return new ModelReport
        {
            Name = name,
            FileBytes = fileBytes,
            Inputs = [.. model.Main.Inputs.Select(i => Row(model.Main.Values[i]))],
            Outputs = [.. model.Main.Outputs.Select(i => Row(model.Main.Values[i]))],
            Nodes = NodesOf(model, analysis, 0),
            Storages = Storage(model.Main, main),
            Variables = [.. model.Variables.Select(v => new TensorRow(
                v.Name, $"{v.DType}", $"{v.Shape}", $"{v.Quant}", v.Bytes))],
            Called = [.. Enumerable.Range(1, model.Graphs.Count - 1)
                .Select(g => CalledGraph(model, analysis, g))],
            Labels = model.Labels.Count,
            Preprocessing = [.. model.Preprocessing],
            Metadata = [.. model.Metadata],
            Macs = analysis.TotalMacs,
            WeightBytes = weights.Sum(w => w.Bytes),
            Target = model.Packed?.Target,
            PackedBytes = model.Packed?.Bytes ?? 0,
            ActivationBytes = plan.ActivationBytes,
            PersistentBytes = plan.PersistentBytes,
            LowerBoundBytes = main.LowerBoundBytes,
            Transposes = transposed.Length,
            TransposedBytes = transposed.Sum(v => v.Bytes),
        };
    }

    static TensorRow Row(Value v) => new(v.Name, $"{v.DType}", $"{v.Shape}", $"{v.Quant}", v.Bytes);

    static GraphRow CalledGraph(Model model, ModelAnalysis analysis, int graph)
    {
        var callers = new List<string>();
        for (int g = 0; g < graph; g++)
        {
            for (int n = 0; n < model.Graphs[g].Nodes.Count; n++)
            {
                if (analysis.Calls(g, n).Contains(graph))
                {
                    callers.Add($"{(g == 0 ? "" : $"{model.Graphs[g].Name} ")}#{n}"
                        + (analysis.Runs(g, n) > 1 ? $", {analysis.Runs(g, n)} times" : ""));
                }
            }
        }

        GraphPlan plan = analysis.Plan.Graphs[graph];
        return new GraphRow(
            model.Graphs[graph].Name, string.Join("; ", callers), plan.Bytes,
            plan.LowerBoundBytes, NodesOf(model, analysis, graph));
    }

    static NodeRow[] NodesOf(Model model, ModelAnalysis analysis, int graph) =>
        [.. model.Graphs[graph].Nodes.Select((n, i) => Row(model, analysis, graph, n, i))];

    static NodeRow Row(Model model, ModelAnalysis analysis, int graph, Node node, int index)
    {
        List<Value> values = model.Graphs[graph].Values;
        GraphPlan plan = analysis.Plan.Graphs[graph];
        Value[] inputs = [.. node.Inputs.Where(i => i >= 0).Select(i => values[i])];
        long live = 0;
        foreach (ArenaRequest r in plan.Storages)
        {
            live += r.First <= index && index <= r.Last ? Arena.Align(r.Bytes) : 0;
        }

        return new NodeRow(
            index,
            node.Name,
            $"{node.Op.OpCode}",
            [.. inputs.Where(v => v.Constant is null).Select(Row)],
            [.. node.Outputs.Select(o => Row(values[o]))],
            analysis.Macs(graph, index),
            inputs.Sum(v => v.Constant?.Bytes ?? 0),
            analysis.ScratchBytes(graph, index),
            live);
    }

    static StorageRow[] Storage(Graph graph, GraphPlan plan)
    {
        string[] names = new string[plan.Storages.Length];
        for (int v = graph.Values.Count - 1; v >= 0; v--)
        {
            if (plan.StorageOf[v] >= 0)
            {
                names[plan.StorageOf[v]] = graph.Values[v].Name;
            }
        }

        var rows = new StorageRow[names.Length];
        for (int s = 0; s < rows.Length; s++)
        {
            ArenaRequest r = plan.Storages[s];
            rows[s] = new StorageRow(
                names[s] ?? $"scratch of {graph.Nodes[r.First].Name}", plan.Offsets[s], r.Bytes,
                    r.First, r.Last);
        }

        return rows;
    }
}
