using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Testing;

/// <summary>
/// A model whose every input, output, constant, variable and scratch is flush with an
/// inaccessible page: a step that strays ends the process at the guilty instruction.
/// </summary>
sealed unsafe class GuardedSession : IDisposable
{
    readonly nint page = Environment.SystemPageSize;
    readonly Guard guard;
    readonly Workers workers;
    readonly byte* block;
    readonly nuint blockBytes;
    readonly List<(nint Offset, nint Bytes)> slots = [];
    readonly SessionBuilder parts;
    nint end;

    /// <param name="model">A model of its own: its constants are moved to guarded memory.</param>
    /// <param name="guard">Which end of every tensor touches the page.</param>
    /// <param name="inPlace">Whether outputs take the memory of inputs where ops allow it.</param>
    /// <param name="garbage">The byte that outputs and scratch hold at first.</param>
    public GuardedSession(Model model, Guard guard, bool inPlace, byte garbage)
    {
        this.guard = guard;
        workers = new Workers(1);
        NodeNotes[][] notes = Inference.Run(model);
        MemoryPlan plain = MemoryPlan.Make(model);
        Graph main = model.Main;
        long[] values = Place(main, notes[0], inPlace);
        long[] scratch = new long[main.Nodes.Count];
        for (int n = 0; n < scratch.Length; n++)
        {
            scratch[n] = PlaceScratch(notes[0][n], plain);
        }

        long[] variables = [.. model.Variables.Select(v => Slot(v.Bytes))];
        List<(Value Value, nint Offset)> constants = [.. main.Values
            .Where(v => v.Constant is not null)
            .Select(v => (v, Slot(v.Constant!.Bytes)))];

        blockBytes = (nuint)(end + page);
        block = Libc.Map(blockBytes);
        new Span<byte>(block, (int)blockBytes).Fill(garbage);
        foreach ((Value value, nint offset) in constants)
        {
            Constant from = value.Constant!;
            from.Span.CopyTo(new Span<byte>(block + offset, (int)from.Bytes));
            value.Constant = Constant.Borrow(block + offset, from.Bytes);
        }

        Protect();
        GraphPlan[] graphs = [.. plain.Graphs];
        graphs[0] = new GraphPlan
        {
            Values = values,
            Scratch = scratch,
            Bytes = end,
            LowerBoundBytes = 0,
            Storages = [],
            Offsets = [],
            StorageOf = [],
        };
        var plan = new MemoryPlan { Graphs = graphs, Variables = variables, PersistentBytes = 0 };
        parts = new SessionBuilder(model, workers, plan, block, block);
    }

    public TensorView Input(int i) => parts.Inputs[i];

    public TensorView Output(int i) => parts.Outputs[i];

    public void Run()
    {
        foreach (Step step in parts.Steps)
        {
            step.Run();
        }
    }

    public void Dispose()
    {
        workers.Dispose();
        parts.Arena.Dispose();
        Libc.Unmap(block, blockBytes);
    }

    long[] Place(Graph graph, NodeNotes[] notes, bool inPlace)
    {
        var offsets = new long[graph.Values.Count];
        Array.Fill(offsets, -1);
        foreach (int input in graph.Inputs)
        {
            offsets[input] = Slot(graph.Values[input].Bytes);
        }

        for (int n = 0; n < graph.Nodes.Count; n++)
        {
            Node node = graph.Nodes[n];
            for (int o = 0; o < node.Outputs.Length; o++)
            {
                int from = notes[n].View[o] is >= 0 and var view ? node.Inputs[view]
                    : inPlace && notes[n].InPlace[o] is >= 0 and var place ? node.Inputs[place]
                    : -1;
                offsets[node.Outputs[o]] = from >= 0 && offsets[from] >= 0
                    ? offsets[from]
                    : Slot(graph.Values[node.Outputs[o]].Bytes);
            }
        }

        return offsets;
    }

    long PlaceScratch(NodeNotes notes, MemoryPlan plan)
    {
        long called = notes.Calls.Count == 0 ? 0 : notes.Calls.Max(g => plan.Graphs[g].Bytes);
        return called > 0 ? Slot(EdgeDL.Memory.Arena.Align(notes.ScratchBytes) + called)
            : notes.ScratchBytes > 0 ? Slot(notes.ScratchBytes)
            : -1;
    }

    // A guard page, then whole pages that hold the bytes; the next slot brings the page behind.
    nint Slot(long bytes)
    {
        nint pages = Math.Max(1, ((nint)bytes + page - 1) / page) * page;
        nint first = end + page;
        slots.Add((first, pages));
        end = first + pages;
        return guard == Guard.Start ? first : end - (nint)bytes;
    }

    void Protect()
    {
        nint from = 0;
        foreach ((nint offset, nint bytes) in slots)
        {
            Libc.Forbid(block + from, (nuint)(offset - from));
            from = offset + bytes;
        }

        Libc.Forbid(block + from, (nuint)page);
    }
}
