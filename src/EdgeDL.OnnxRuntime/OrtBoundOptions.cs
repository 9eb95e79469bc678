namespace EdgeDL.OnnxRuntime;

/// <summary>How <see cref="OrtBoundModel"/> runs.</summary>
public sealed record OrtBoundOptions
{
    /// <summary>Threads that share the work of an operator, the caller included.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// True: sums of int8 products are exact. False, the library's default: on x64 processors
    /// without VNNI it takes a faster instruction, whose sums of two products saturate.
    /// </summary>
    public bool ExactIntegers { get; init; }

    /// <summary>Where weights lie that the file keeps outside; null: nowhere.</summary>
    public string? Folder { get; init; }
}
