namespace EdgeDL.Convert;

/// <summary>
/// Refusals of a model file: the place, what was found, and what the user can do.
/// </summary>
static class Reject
{
    const string Damaged = "fetch an intact copy, or export the model again";

    /// <summary>The file's bytes are damaged at an offset.</summary>
    public static InvalidModelException Bytes(string format, long at, string finding) =>
        new($"{format}, byte {at}", finding, Damaged);

    /// <summary>The file is well-formed, but a named thing in it says something
    /// impossible.</summary>
    public static InvalidModelException Model(string place, string finding) =>
        new(place, finding, Damaged);

    /// <summary>The model is valid, but EdgeDL does not take it as it is.</summary>
    public static InvalidModelException Unsupported(string place, string finding, string remedy) =>
        new(place, finding, remedy);
}
