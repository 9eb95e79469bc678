using System.Globalization;
using EdgeDL.Convert.Patching;
using EdgeDL.Graphs;

namespace EdgeDL.Pack;

/// <summary>Reads <c>256K</c>, <c>1M</c>, <c>262144</c> or <c>min</c>, and cuts the model into
/// patches until its arena fits.</summary>
static class ArenaArgument
{
    /// <summary>Rewrites the model and says what was traded for what.</summary>
    public static void Apply(string text, Model model, TextWriter to)
    {
        PatchReport report = Parse(text) is { } bytes
            ? Patcher.Fit(model, bytes)
            : Patcher.Shrink(model);
        if (report.Layers.Count == 0)
        {
            to.WriteLine($"patches: none, the arena of {Text.Bytes(report.BytesBefore)} fits"
                + (Parse(text) is null ? " best as it is" : ""));
            return;
        }

        foreach (PatchedLayers p in report.Layers)
        {
            to.WriteLine($"patches: {p.Down}x{p.Across} over {p.Layers} layers, "
                + $"{Text.Name(p.First)} to {Text.Name(p.Last)}");
        }

        long saved = report.BytesBefore - report.BytesAfter;
        double repeated = 100.0 * (report.MacsAfter - report.MacsBefore)
            / Math.Max(1, report.MacsBefore);
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"patches: arena {Text.Bytes(report.BytesBefore)} -> {Text.Bytes(report.BytesAfter)}, "
                + $"{100.0 * saved / report.BytesBefore:0.0} % saved; MACs "
                + $"{Text.Macs(report.MacsBefore)} -> {Text.Macs(report.MacsAfter)}, "
                + $"{repeated:0.0} % repeated"));
    }

    // Null for "min".
    static long? Parse(string text)
    {
        if (text == "min")
        {
            return null;
        }

        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        long unit = text[digits..].ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "K" or "KB" or "KIB" => 1024,
            "M" or "MB" or "MIB" => 1024 * 1024,
            _ => 0,
        };
        if (unit == 0 || !long.TryParse(
            text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            || count is 0 or > int.MaxValue)
        {
            throw new UsageException(
                $"--max-arena '{text}' is not a size such as 256K, 1M or 262144, nor min");
        }

        return count * unit;
    }
}
