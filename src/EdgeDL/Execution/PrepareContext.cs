using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Memory;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Execution;

/// <summary>
/// An op's view of its node when a session is opened: every address is fixed, memory may be
/// taken, kernels are chosen. Nothing of it is used once the session runs.
/// </summary>
public sealed unsafe class PrepareContext
{
    readonly SessionBuilder builder;
    readonly Graph graph;
    readonly Node node;
    readonly GraphPlan plan;
    readonly NodeNotes notes;
    readonly byte* region;
    readonly byte* scratch;
    readonly (int Graph, int Node) at;

    internal PrepareContext(SessionBuilder builder, int graphIndex, int nodeIndex, byte* region)
    {
        this.builder = builder;
        this.region = region;
        at = (graphIndex, nodeIndex);
        graph = builder.Model.Graphs[graphIndex];
        node = graph.Nodes[nodeIndex];
        plan = builder.Plan.Graphs[graphIndex];
        notes = builder.Notes[graphIndex][nodeIndex];
        scratch = plan.Scratch[nodeIndex] is >= 0 and var to ? region + to : null;
    }

    public int InputCount => node.Inputs.Length;

    public int OutputCount => node.Outputs.Length;

    /// <summary>The node's name, for errors that only a run can meet.</summary>
    public string Name => node.Name;

    /// <summary>The threads that steps share.</summary>
    public Workers Workers => builder.Workers;

    /// <summary>The scratch that the op asked for during inference; its content does not last
    /// from one run to the next.</summary>
    public byte* ScratchPointer => scratch;

    /// <summary>The size of the scratch.</summary>
    public long ScratchBytes => notes.ScratchBytes;

    /// <summary>True if input <paramref name="i"/> exists and is not left out.</summary>
    public bool HasInput(int i) => i < node.Inputs.Length && node.Inputs[i] >= 0;

    /// <summary>True if input <paramref name="i"/>'s bytes will never change.</summary>
    public bool IsConstant(int i) =>
        HasInput(i) && graph.Values[node.Inputs[i]].Constant is not null;

    public TensorView Input(int i) => View(node.Inputs[i]);

    public TensorView Output(int i) => View(node.Outputs[i]);

    /// <summary>The CPU that rows are to be chosen for: this one, or that of a file being written.
    /// </summary>
    public CpuTarget Target => builder.Packed.Target;

    /// <summary>
    /// Of several ways to compute the node from its constant weights, the one to take: what the
    /// session's options say, else the one whose block lies in the file, else the first.
    /// </summary>
    /// <param name="layouts">What each way packs, no two alike; the one that is likely to be the
    /// fastest stands first. All of them compute this node.</param>
    public int Choose(ReadOnlySpan<PackedLayout> layouts) =>
        builder.Packed.Choose(node, layouts);

    /// <summary>The node's constant weights in a row's layout. At most once a node.</summary>
    /// <param name="layout">All that decides the bytes beside the graph and its constants.</param>
    /// <param name="parts">The arrays of the block.</param>
    /// <param name="replaced">Inputs, the first 32 at most, whose data the step does not read where
    /// the block is ready.</param>
    /// <returns>A read-only block of the file if it holds this one, else memory to fill.</returns>
    /// <exception cref="InvalidModelException">The file holds it in another size.</exception>
    /// <exception cref="PackedTargetException">The file does not hold it, and the session's options
    /// demand that it does.</exception>
    /// <exception cref="MemoryBudgetException">The session's budget does not allow it.</exception>
    public PackedBlock Packed(
        PackedLayout layout, BlockParts parts, ReadOnlySpan<int> replaced)
    {
        uint bits = 0;
        foreach (int input in replaced)
        {
            bits |= 1u << input;
        }

        return builder.Packed.Take(builder.Arena, at, node, layout, parts.Bytes, bits);
    }

    /// <summary>Memory for weights that are packed in every run.</summary>
    /// <exception cref="MemoryBudgetException">The session's budget does not allow it.</exception>
    public PackedBlock Repacked(BlockParts parts) =>
        new(builder.Arena.Take(parts.Bytes), isReady: false);

    /// <summary>Zeroed, aligned native memory that lives as long as the session: packed weights,
    /// tables.</summary>
    /// <exception cref="MemoryBudgetException">The session's budget does not allow it.</exception>
    public T* Pack<T>(long count) where T : unmanaged =>
        (T*)builder.Arena.Take(checked(count * sizeof(T)));

    /// <summary>Native memory for each worker while the step runs, shared with all other steps.
    /// Its address is known when the session runs, not before.</summary>
    public WorkerScratch WorkerScratch(long bytesPerWorker)
    {
        builder.WorkerScratch.Need(bytesPerWorker);
        return builder.WorkerScratch;
    }

    /// <summary>The variable that an attribute names.</summary>
    public TensorView Variable(int id) => builder.Variable(id);

    /// <summary>A graph that this node calls, ready to run in this node's scratch.</summary>
    public Subgraph Subgraph(int index)
    {
        byte* into = scratch + Arena.Align(notes.ScratchBytes);
        return builder.Subgraph(index, into);
    }

    TensorView View(int index) => builder.View(graph, plan, index, region);
}

/// <summary>A called graph, its addresses bound: fill the inputs, run, read the outputs.</summary>
public sealed class Subgraph(TensorView[] inputs, TensorView[] outputs, Step[] steps)
{
    public ReadOnlySpan<TensorView> Inputs => inputs;

    public ReadOnlySpan<TensorView> Outputs => outputs;

    /// <summary>Runs it once; false if a step ended the whole run.</summary>
    public bool Run() => Step.RunAll(steps);
}
