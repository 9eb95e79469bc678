using EdgeDL.Graphs;

namespace EdgeDL.Pi;

/// <summary>When the SHA-256 of the weights is compared, as <c>--hash</c> says it.</summary>
enum HashMode
{
    /// <summary>Before anything runs.</summary>
    Full,

    /// <summary>After the answers are out: if it fails, they are void, and the exit code says so.
    /// </summary>
    Lazy,

    /// <summary>Never.</summary>
    Off,
}

static class HashModes
{
    public static HashMode Parse(string name) => name switch
    {
        "full" => HashMode.Full,
        "lazy" => HashMode.Lazy,
        "off" => HashMode.Off,
        _ => throw new UsageException($"--hash {name}: give full, lazy or off"),
    };

    public static WeightCheck Check(this HashMode mode) =>
        mode == HashMode.Full ? WeightCheck.WhileLoading : WeightCheck.OnRequest;
}
