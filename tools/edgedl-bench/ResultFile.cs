using System.Text;
using EdgeDL.Format;
using EdgeDL.Host.Diagnosis;

namespace EdgeDL.Bench;

/// <summary>Where results are kept: a file a processor.</summary>
static class ResultFile
{
    /// <summary>tools/edgedl-bench/results/CPU + suffix + .md</summary>
    public static string Of(string suffix)
    {
        var name = new string([.. Processor.ModelName().ToLowerInvariant()
            .Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        while (name.Contains("--", StringComparison.Ordinal))
        {
            name = name.Replace("--", "-", StringComparison.Ordinal);
        }

        return Path.Combine(
            "tools", "edgedl-bench", "results", $"{name.Trim('-')}{suffix}.md");
    }

    /// <summary>Writes a file whole or not at all, and its folder if need be.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
    }
}
