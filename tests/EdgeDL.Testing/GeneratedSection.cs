namespace EdgeDL.Testing;

/// <summary>
/// A part of a document that a test writes: what stands between "begin NAME" and "end NAME" must be
/// what the code says. EDGEDL_WRITE_DOCS=1 puts it there.
/// </summary>
public static class GeneratedSection
{
    /// <summary>The lines of the section as they stand.</summary>
    public static string[] Lines(string path, string name)
    {
        string text = File.ReadAllText(Repository.PathOf(path));
        (int from, int to) = Find(path, name, text);
        return text[from..to].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Compares the section, or writes it.</summary>
    public static void Holds(string path, string name, IEnumerable<string> lines)
    {
        string file = Repository.PathOf(path);
        string text = File.ReadAllText(file);
        (int from, int to) = Find(path, name, text);
        string wanted = string.Concat(lines.Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("EDGEDL_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, text[..from] + wanted + text[to..]);
            return;
        }

        if (text[from..to] != wanted)
        {
            throw new CheckFailedException($"{path}: section '{name}' is not what the code says; "
                + "run the tests once with EDGEDL_WRITE_DOCS=1");
        }
    }

    static (int From, int To) Find(string path, string name, string text)
    {
        string begin = $"<!-- begin {name} -->\n";
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = text.IndexOf($"<!-- end {name} -->", StringComparison.Ordinal);
        return from >= begin.Length && to >= from
            ? (from, to)
            : throw new CheckFailedException($"{path} has no section '{name}'");
    }
}
