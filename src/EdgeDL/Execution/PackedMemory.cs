using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Memory;

namespace EdgeDL.Execution;

/// <summary>
/// Where a session's packed weights come from: the file if it holds them in the layout that this
/// CPU's rows read, else memory that steps fill.
/// </summary>
sealed unsafe class PackedMemory
{
    readonly PackedWeights? stored;
    readonly bool isRequired;
    readonly LayoutChoice? choice;
    readonly SortedDictionary<(int Graph, int Node), Filled>? filled;

    PackedMemory(
        CpuTarget target, PackedWeights? stored, bool isRequired, LayoutChoice? choice,
        SortedDictionary<(int Graph, int Node), Filled>? filled)
    {
        Target = target;
        this.stored = stored;
        this.isRequired = isRequired;
        this.choice = choice;
        this.filled = filled;
    }

    /// <summary>A block of memory that a step fills.</summary>
    public readonly record struct Filled(
        PackedLayout Layout, uint Replaced, nint Data, long Bytes);

    /// <summary>The CPU that rows are chosen for.</summary>
    public CpuTarget Target { get; }

    /// <summary>Blocks used where they lie in the file.</summary>
    public int InPlace { get; private set; }

    /// <summary>Blocks that steps packed.</summary>
    public int Packed { get; private set; }

    /// <summary>For a session that runs here.</summary>
    public static PackedMemory ForRunning(Model model, SessionOptions options) =>
        new(CpuTarget.This(), model.Packed, options.RequirePackedWeights, options.Layouts, null);

    /// <summary>For a session that nobody runs, whose blocks are kept for a file.</summary>
    public static PackedMemory ForWriting(
        CpuTarget target, LayoutChoice? choice,
        SortedDictionary<(int Graph, int Node), Filled> filled) =>
        new(target, null, false, choice, filled);

    /// <summary>Of several layouts for a node, the one that somebody chose, else that of the file's
    /// block, else the first.</summary>
    public int Choose(Node node, ReadOnlySpan<PackedLayout> layouts)
    {
        int chosen = choice is null ? stored?.Choose(node, layouts) ?? 0 : choice(node, layouts);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)chosen, (uint)layouts.Length);
        return chosen;
    }

    /// <exception cref="PackedTargetException">The block is not in the file, and has to be.
    /// </exception>
    public PackedBlock Take(
        Arena arena, (int Graph, int Node) at, Node node, in PackedLayout layout, long bytes,
        uint replaced)
    {
        byte* ready = stored is null ? null : stored.Find(node, layout, bytes);
        if (ready != null)
        {
            InPlace++;
            return new PackedBlock(ready, isReady: true);
        }

        if (isRequired)
        {
            throw new PackedTargetException(stored?.Target, Target.Name);
        }

        // Its hash may have waited for the first who reads the plain weights.
        stored?.VerifyPlain();
        Packed++;
        byte* own = arena.Take(bytes);
        // A graph that is called twice is prepared twice, from the same constants.
        filled?.TryAdd(at, new Filled(layout, replaced, (nint)own, bytes));
        return new PackedBlock(own, isReady: false);
    }
}
