namespace EdgeDL.Convert;

/// <summary>What the caller may decide about an import.</summary>
public sealed record ImportOptions
{
    /// <summary>Extents that replace the file's, by input name.</summary>
    public IReadOnlyDictionary<string, int[]> InputShapes { get; init; } =
        new Dictionary<string, int[]>();

    /// <summary>What the dimensions that a file leaves open are, by name: batch, sequence.
    /// </summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } =
        new Dictionary<string, int>();

    /// <summary>
    /// Values of inputs, little-endian, by input name. One is used, and the input fixed to it, only
    /// if a shape hangs on it.
    /// </summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> InputValues { get; init; } =
        new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>The same as numbers, which take the input's type.</summary>
    public IReadOnlyDictionary<string, double[]> InputNumbers { get; init; } =
        new Dictionary<string, double[]>();

    /// <summary>Told, in one line each, what was done that the file did not spell out.</summary>
    public Action<string>? Log { get; init; }
}
