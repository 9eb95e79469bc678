using System.Runtime.CompilerServices;
using EdgeDL.Graphs;
using EdgeDL.Memory;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Execution;

/// <summary>Opens a session: proves the model, lays out memory, prepares every step.</summary>
sealed unsafe class SessionBuilder
{
    readonly byte* activations;
    readonly byte* variables;

    public SessionBuilder(Model model, Workers workers, PackedMemory packed, long budgetBytes)
    {
        Packed = packed;
        Model = model;
        Workers = workers;
        Notes = model.Notes ?? Inference.Run(model);
        Plan = model.Plan ?? MemoryPlan.Make(model, Notes, stored: null);
        Arena = new Arena(budgetBytes);
        try
        {
            byte* block = Arena.Take(Plan.ActivationBytes + Plan.PersistentBytes);
            activations = block;
            variables = block + Plan.ActivationBytes;
            ResetVariables();
            (Steps, StepNodes) = PrepareGraph(0, activations);
            Inputs = Views(0, Model.Main.Inputs, activations);
            Outputs = Views(0, Model.Main.Outputs, activations);
            WorkerScratch.Take(Arena, workers.Count);
            Arena.Seal();
        }
        catch
        {
            Arena.Dispose();
            throw;
        }
    }

    /// <summary>Binds the steps to memory that the caller owns and has laid out: the plan's
    /// offsets count from <paramref name="activations"/> and <paramref
    /// name="variables"/>.</summary>
    internal SessionBuilder(
        Model model, Workers workers, MemoryPlan plan, byte* activations, byte* variables)
    {
        Packed = PackedMemory.ForRunning(model, new SessionOptions());
        Model = model;
        Workers = workers;
        Notes = model.Notes ?? Inference.Run(model);
        Plan = plan;
        Arena = new Arena(long.MaxValue);
        this.activations = activations;
        this.variables = variables;
        ResetVariables();
        (Steps, StepNodes) = PrepareGraph(0, activations);
        Inputs = Views(0, Model.Main.Inputs, activations);
        Outputs = Views(0, Model.Main.Outputs, activations);
        WorkerScratch.Take(Arena, workers.Count);
        Arena.Seal();
    }

    public Model Model { get; }

    public Workers Workers { get; }

    public NodeNotes[][] Notes { get; }

    public MemoryPlan Plan { get; }

    public Arena Arena { get; }

    /// <summary>Where packed weights come from.</summary>
    public PackedMemory Packed { get; }

    /// <summary>What the steps' workers share.</summary>
    public WorkerScratch WorkerScratch { get; } = new();

    public Step[] Steps { get; }

    /// <summary>The main graph's node that each step stands for.</summary>
    public int[] StepNodes { get; }

    public TensorView[] Inputs { get; }

    public TensorView[] Outputs { get; }

    /// <summary>Sets every variable to what it holds at first.</summary>
    public void ResetVariables()
    {
        for (int i = 0; i < Model.Variables.Count; i++)
        {
            TensorView view = Variable(i);
            if (Model.Variables[i].Initial is { } initial)
            {
                initial.Span[..(int)view.Bytes].CopyTo(view.AsBytes());
            }
            else
            {
                Zero(view);
            }
        }
    }

    public TensorView Variable(int id)
    {
        Variable v = Model.Variables[id];
        return new TensorView(variables + Plan.Variables[id], v.DType, v.Shape, v.Quant, v.Name);
    }

    public TensorView View(Graph graph, GraphPlan plan, int index, byte* region)
    {
        Value value = graph.Values[index];
        byte* data = value.Constant is { } constant ? constant.Data : region + plan.Values[index];
        return new TensorView(data, value.DType, value.Shape, value.Quant, value.Name);
    }

    public Subgraph Subgraph(int index, byte* region)
    {
        // A chain of calls is at most as long as the list of graphs, but one file may chain
        // thousands: refuse before the stack does.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        (Step[] steps, _) = PrepareGraph(index, region);
        Graph graph = Model.Graphs[index];
        return new Subgraph(
            Views(index, graph.Inputs, region), Views(index, graph.Outputs, region), steps);
    }

    TensorView[] Views(int graphIndex, List<int> indices, byte* region)
    {
        Graph graph = Model.Graphs[graphIndex];
        var views = new TensorView[indices.Count];
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = View(graph, Plan.Graphs[graphIndex], indices[i], region);
        }

        return views;
    }

    (Step[] Steps, int[] Nodes) PrepareGraph(int graphIndex, byte* region)
    {
        Graph graph = Model.Graphs[graphIndex];
        var steps = new List<Step>(graph.Nodes.Count);
        var nodes = new List<int>(graph.Nodes.Count);
        for (int n = 0; n < graph.Nodes.Count; n++)
        {
            var context = new PrepareContext(this, graphIndex, n, region);
            if (graph.Nodes[n].Op.Prepare(context) is { } step)
            {
                steps.Add(step);
                nodes.Add(n);
            }
        }

        return (steps.ToArray(), nodes.ToArray());
    }

    static void Zero(TensorView view)
    {
        int zeroPoint = view.Quant?.ZeroPoint ?? 0;
        if (view.DType is DType.Int8 or DType.UInt8)
        {
            view.AsBytes().Fill(unchecked((byte)zeroPoint));
        }
        else if (view.DType == DType.Int16)
        {
            view.AsSpan<short>().Fill(unchecked((short)zeroPoint));
        }
        else
        {
            view.AsBytes().Clear();
        }
    }
}
