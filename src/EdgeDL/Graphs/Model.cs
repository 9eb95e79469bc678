namespace EdgeDL.Graphs;

/// <summary>
/// What an <c>.edl</c> file holds: a main graph, the graphs it calls, variables, a memory plan,
/// labels, preprocessing and free metadata.
/// </summary>
/// <remarks>
/// A graph may call only graphs that stand after it in <see cref="Graphs"/>, so calls never
/// recurse. A loaded model keeps its file mapped until it and its last session are disposed.
/// </remarks>
public sealed partial class Model : IDisposable
{
    Memory.SharedBlock? mapping;

    /// <summary>
    /// What inference found, if the model was loaded and has not been changed since.
    /// </summary>
    internal Ops.NodeNotes[][]? Notes { get; set; }

    /// <summary>The graphs; the first is the main one.</summary>
    public List<Graph> Graphs { get; } = [];

    /// <summary>The main graph.</summary>
    public Graph Main => Graphs[0];

    /// <summary>State that outlives a run.</summary>
    public List<Variable> Variables { get; } = [];

    /// <summary>
    /// Where every tensor lies; null until <see cref="Execution.MemoryPlan.Make"/>.
    /// </summary>
    public Execution.MemoryPlan? Plan { get; set; }

    /// <summary>Class names, by index; empty if the model has none.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>How the inputs are made; inputs without a record are raw.</summary>
    public List<Preprocessing> Preprocessing { get; } = [];

    /// <summary>Free facts: name, source, licence, producer.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>What <see cref="VerifyWeights"/> is to compare.</summary>
    internal List<Format.StatedHash> UncheckedHashes { get; init; } = [];

    /// <summary>
    /// The mapped file that the constants lie in; the model takes this reference over.
    /// </summary>
    internal Memory.SharedBlock? Mapping
    {
        get => mapping;
        set => mapping = value;
    }

    /// <summary>The weights once more, packed for one kind of CPU, if the file has them.</summary>
    public PackedWeights? Packed { get; internal set; }

    public void Dispose()
    {
        mapping?.Release();
        mapping = null;
    }
}
