namespace EdgeDL.Devices.Media;

/// <summary>
/// A picture, clip or raw file cannot be used. The message is one line: place, finding, remedy.
/// </summary>
public sealed class MediaException(string place, string finding, string remedy)
    : EdgeDLException($"{place}: {finding}; {remedy}")
{
    /// <summary>The file, or the part of it, that was being read.</summary>
    public string Place { get; } = place;

    /// <summary>What was found there.</summary>
    public string Finding { get; } = finding;

    /// <summary>What would make it work.</summary>
    public string Remedy { get; } = remedy;
}
