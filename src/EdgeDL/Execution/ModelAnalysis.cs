using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Execution;

/// <summary>What can be said of a model before it runs: memory plan, work, scratch.</summary>
public sealed class ModelAnalysis
{
    readonly NodeNotes[][] notes;
    readonly long[] graphMacs;

    ModelAnalysis(NodeNotes[][] notes, MemoryPlan plan)
    {
        this.notes = notes;
        Plan = plan;
        graphMacs = new long[notes.Length];
        for (int g = notes.Length - 1; g >= 0; g--)
        {
            foreach (NodeNotes node in notes[g])
            {
                graphMacs[g] = unchecked(graphMacs[g] + Macs(node));
            }
        }
    }

    /// <summary>Where everything lies.</summary>
    public MemoryPlan Plan { get; }

    /// <summary>Multiply-accumulates of one run, the graphs that nodes call included: every patch
    /// of <see cref="Patches"/>, one turn of a loop, both ways of a choice.</summary>
    public long TotalMacs => graphMacs[0];

    /// <summary>Proves the model and plans its memory, if that has not been done.</summary>
    /// <exception cref="InvalidModelException">The model is not valid.</exception>
    public static ModelAnalysis Of(Model model)
    {
        NodeNotes[][] notes = model.Notes ?? Inference.Run(model);
        return new ModelAnalysis(notes, model.Plan ?? MemoryPlan.Make(model, notes, stored: null));
    }

    /// <summary>Multiply-accumulates of one run of a node, graphs that it calls included.</summary>
    public long Macs(int graph, int node) => Macs(notes[graph][node]);

    /// <summary>The graphs that a node calls.</summary>
    public IReadOnlyList<int> Calls(int graph, int node) => notes[graph][node].Calls;

    /// <summary>How often one run of a node runs the graphs that it calls, as far as the graph
    /// says.</summary>
    public long Runs(int graph, int node) => notes[graph][node].Runs;

    /// <summary>Bytes that a node needs only while it runs.</summary>
    public long ScratchBytes(int graph, int node) => notes[graph][node].ScratchBytes;

    // What a hostile file's calls add up to may wrap around: it is for reports.
    long Macs(NodeNotes node)
    {
        long called = 0;
        foreach (int graph in node.Calls)
        {
            called = unchecked(called + graphMacs[graph]);
        }

        return unchecked(node.Macs + (node.Runs * called));
    }
}
