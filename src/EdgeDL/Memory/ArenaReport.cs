namespace EdgeDL.Memory;

/// <summary>What a session's memory is made of, in bytes.</summary>
public readonly record struct ArenaReport
{
    /// <summary>Activations and scratch, as planned.</summary>
    public long ActivationBytes { get; init; }

    /// <summary>Variables: state that outlives a run.</summary>
    public long PersistentBytes { get; init; }

    /// <summary>The tensor arena: activations and variables.</summary>
    public long ArenaBytes => ActivationBytes + PersistentBytes;

    /// <summary>What the workers of a step need while it runs, on this CPU and so many threads:
    /// all steps share it.</summary>
    public long WorkerScratchBytes { get; init; }

    /// <summary>Weights packed, and tables made, when the session was opened.</summary>
    public long PackedBytes { get; init; }

    /// <summary>
    /// No plan can have fewer <see cref="ActivationBytes"/>: the most that live at once.
    /// </summary>
    public long LowerBoundBytes { get; init; }
}
