using EdgeDL.Graphs;
using EdgeDL.Memory;
using EdgeDL.Ops;

namespace EdgeDL.Execution;

/// <summary>Where the values of one graph lie in its region.</summary>
public sealed class GraphPlan
{
    /// <summary>For each value its offset; −1 for constants.</summary>
    public required long[] Values { get; init; }

    /// <summary>For each node the offset of its scratch, with the graphs it calls behind; −1 for
    /// none.</summary>
    public required long[] Scratch { get; init; }

    /// <summary>The size of the region.</summary>
    public required long Bytes { get; init; }

    /// <summary>The most bytes that live at one step.</summary>
    public required long LowerBoundBytes { get; init; }

    /// <summary>The storages, for pictures: bytes, first and last step.</summary>
    public required ArenaRequest[] Storages { get; init; }

    /// <summary>The offset of each storage.</summary>
    public required long[] Offsets { get; init; }

    /// <summary>For each value its storage; −1 for constants.</summary>
    public required int[] StorageOf { get; init; }
}

/// <summary>
/// Where everything lies: one region a graph (those of called graphs lie in their caller's
/// scratch), and the variables.
/// </summary>
public sealed class MemoryPlan
{
    /// <summary>
    /// Rises when the sharing rules change: a plan of another version is made anew.
    /// </summary>
    public const int Version = 1;

    /// <summary>By graph index; the first is the main graph's and holds all others.</summary>
    public required GraphPlan[] Graphs { get; init; }

    /// <summary>For each variable its offset behind the activations.</summary>
    public required long[] Variables { get; init; }

    /// <summary>The bytes of all variables.</summary>
    public required long PersistentBytes { get; init; }

    /// <summary>Activations and scratch.</summary>
    public long ActivationBytes => Graphs[0].Bytes;

    /// <summary>Plans a model's memory, proving the model on the way.</summary>
    /// <exception cref="InvalidModelException">The model is not valid.</exception>
    public static MemoryPlan Make(Model model) => Make(model, Inference.Run(model), stored: null);

    /// <summary>
    /// Plans, or takes the <paramref name="stored"/> offsets after checking them.
    /// </summary>
    internal static MemoryPlan Make(Model model, NodeNotes[][] notes, StoredPlan? stored)
    {
        var graphs = new GraphPlan[model.Graphs.Count];
        for (int g = graphs.Length - 1; g >= 0; g--)
        {
            long[] callBytes = new long[notes[g].Length];
            for (int n = 0; n < callBytes.Length; n++)
            {
                foreach (int callee in notes[g][n].Calls)
                {
                    callBytes[n] = Math.Max(callBytes[n], graphs[callee].Bytes);
                }
            }

            var lifetimes = new GraphLifetimes(model.Graphs[g], notes[g], callBytes);
            graphs[g] = Make(lifetimes, stored?.Offsets(g), model.Graphs[g].Name);
        }

        long[] variables = new long[model.Variables.Count];
        long persistent = 0;
        for (int v = 0; v < variables.Length; v++)
        {
            variables[v] = persistent;
            persistent += Arena.Align(model.Variables[v].Bytes);
        }

        return new MemoryPlan
        {
            Graphs = graphs, Variables = variables, PersistentBytes = persistent,
        };
    }

    static GraphPlan Make(GraphLifetimes lifetimes, long[]? stored, string name)
    {
        ArenaRequest[] requests = lifetimes.Requests.ToArray();
        long[] offsets = stored ?? new long[requests.Length];
        long bytes = stored is null
            ? ArenaPlanner.Place(requests, offsets)
            : Check(requests, offsets, name);
        return new GraphPlan
        {
            Values = Array.ConvertAll(lifetimes.StorageOf, s => s < 0 ? -1 : offsets[s]),
            Scratch = Array.ConvertAll(lifetimes.ScratchOf, s => s < 0 ? -1 : offsets[s]),
            Bytes = bytes,
            LowerBoundBytes = ArenaPlanner.LowerBound(requests),
            Storages = requests,
            Offsets = offsets,
            StorageOf = lifetimes.StorageOf,
        };
    }

    static long Check(ArenaRequest[] requests, long[] offsets, string name)
    {
        string place = $"plan of graph '{name}'";
        if (offsets.Length != requests.Length)
        {
            InvalidModelException.Throw(
                place, $"has {offsets.Length} offsets for {requests.Length} storages");
        }

        long bytes = 0;
        for (int i = 0; i < offsets.Length; i++)
        {
            long offset = offsets[i];
            if (offset < 0 || offset > 1L << 40 || offset % Arena.Alignment != 0)
            {
                InvalidModelException.Throw(
                    place, $"offset {offset} of storage {i} is negative, huge or not a multiple "
                        + "of 64");
            }

            bytes = Math.Max(bytes, offset + Arena.Align(requests[i].Bytes));
        }

        if (!ArenaPlanner.IsDisjoint(requests, offsets))
        {
            InvalidModelException.Throw(place, "two tensors that live at the same time overlap");
        }

        return bytes;
    }
}

/// <summary>The offsets that a file brings, by graph and storage; unchecked.</summary>
sealed class StoredPlan(long[][] offsets)
{
    public long[] Offsets(int graph) => graph < offsets.Length ? offsets[graph] : [];
}
