using System.Diagnostics.CodeAnalysis;

namespace EdgeDL;

/// <summary>
/// A value that only a run can know, such as an index, is out of its range. The run stops; the
/// session stays usable.
/// </summary>
public sealed class DataRangeException(string node, string finding, long found)
    : EdgeDLException($"node '{node}': {finding}, found {found}; check what the model is fed")
{
    /// <summary>The node that met the value.</summary>
    public string Node { get; } = node;

    /// <summary>The value.</summary>
    public long Found { get; } = found;

    [DoesNotReturn]
    internal static void Throw(string node, string finding, long found) =>
        throw new DataRangeException(node, finding, found);
}
