namespace EdgeDL.Convert;

/// <summary>What the caller may decide about an import.</summary>
public sealed record ImportOptions
{
    /// <summary>Extents that replace the file's, by input name.</summary>
    public IReadOnlyDictionary<string, int[]> InputShapes { get; init; } =
        new Dictionary<string, int[]>();

    /// <summary>Told, in one line each, what was done that the file did not spell out.</summary>
    public Action<string>? Log { get; init; }
}
