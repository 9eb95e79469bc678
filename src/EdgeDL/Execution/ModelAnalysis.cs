using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Execution;

/// <summary>What can be said of a model before it runs: memory plan, work, scratch.</summary>
public sealed class ModelAnalysis
{
    readonly NodeNotes[][] notes;

    ModelAnalysis(NodeNotes[][] notes, MemoryPlan plan)
    {
        this.notes = notes;
        Plan = plan;
    }

    /// <summary>Where everything lies.</summary>
    public MemoryPlan Plan { get; }

    /// <summary>Multiply-accumulates of one run; each node of a called graph counts once.</summary>
    public long TotalMacs => notes.Sum(graph => graph.Sum(n => n.Macs));

    /// <summary>Proves the model and plans its memory, if that has not been done.</summary>
    /// <exception cref="InvalidModelException">The model is not valid.</exception>
    public static ModelAnalysis Of(Model model)
    {
        NodeNotes[][] notes = model.Notes ?? Inference.Run(model);
        return new ModelAnalysis(notes, model.Plan ?? MemoryPlan.Make(model, notes, stored: null));
    }

    /// <summary>Multiply-accumulates of one run of a node.</summary>
    public long Macs(int graph, int node) => notes[graph][node].Macs;

    /// <summary>Bytes that a node needs only while it runs.</summary>
    public long ScratchBytes(int graph, int node) => notes[graph][node].ScratchBytes;
}
