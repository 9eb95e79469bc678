namespace EdgeDL.Pack;

/// <summary>Numbers as people read them.</summary>
static class Text
{
    /// <summary>Bytes exactly, and in KiB or MiB where that helps.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{bytes / 1024.0:0.0} KiB ({bytes} B)",
        _ => $"{bytes / 1048576.0:0.00} MiB ({bytes} B)",
    };

    /// <summary>Multiply-accumulates with a unit.</summary>
    public static string Macs(long macs) => macs switch
    {
        < 1000 => $"{macs}",
        < 1_000_000 => $"{macs / 1e3:0.0} k",
        < 1_000_000_000 => $"{macs / 1e6:0.0} M",
        _ => $"{macs / 1e9:0.00} G",
    };

    /// <summary>
    /// A name short enough for a line: converters join those of all fused layers.
    /// </summary>
    public static string Name(string name)
    {
        const int Most = 48;
        string first = name.Split(';')[0];
        return first.Length <= Most ? first : "…" + first[^(Most - 1)..];
    }

    public static string Fit(string text, int width) =>
        text.Length <= width ? text.PadRight(width) : text[..(width - 1)] + "…";
}
