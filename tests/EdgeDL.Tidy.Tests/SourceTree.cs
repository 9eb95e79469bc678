using EdgeDL.Testing;

namespace EdgeDL.Tidy.Tests;

/// <summary>A file of the repository: its path with forward slashes, and its lines.</summary>
sealed record SourceFile(string Path, string[] Lines)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public bool IsIn(params string[] folders)
    {
        return folders.Any(f => Path.StartsWith(f + "/", StringComparison.Ordinal));
    }

    /// <summary>The lines without their // comments, with line numbers from 1.</summary>
    public IEnumerable<(int Number, string Text)> Code()
    {
        for (int i = 0; i < Lines.Length; i++)
        {
            int comment = Lines[i].IndexOf("//", StringComparison.Ordinal);
            yield return (i + 1, comment < 0 ? Lines[i] : Lines[i][..comment]);
        }
    }
}

/// <summary>What the rules are about: everything that is written by hand.</summary>
static class SourceTree
{
    static readonly string[] skippedFolders =
        ["bin", "obj", "out", ".git", ".vs", "TestResults", "node_modules"];

    static readonly string[] textEndings =
        [".cs", ".csproj", ".props", ".targets", ".md", ".json", ".sh", ".yml", ".sln", ".arm64"];

    public static IReadOnlyList<SourceFile> All { get; } = Read();

    public static IEnumerable<SourceFile> CSharp =>
        All.Where(f => f.Name.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Projects =>
        All.Where(f => f.Name.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>Fails with one line for each finding.</summary>
    public static void AssertNone(IEnumerable<string> findings, string rule)
    {
        string[] all = [.. findings];
        if (all.Length > 0)
        {
            throw new CheckFailedException(
                $"{rule}{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", all)}");
        }
    }

    static SourceFile[] Read()
    {
        var files = new List<SourceFile>();
        Collect(new DirectoryInfo(Repository.PathOf(".")), "", files);
        return [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];
    }

    static void Collect(DirectoryInfo folder, string prefix, List<SourceFile> files)
    {
        foreach (DirectoryInfo inner in folder.EnumerateDirectories())
        {
            if (!skippedFolders.Contains(inner.Name))
            {
                Collect(inner, prefix + inner.Name + "/", files);
            }
        }

        foreach (FileInfo file in folder.EnumerateFiles())
        {
            if (IsText(file.Name) && file.Length < 4 << 20)
            {
                files.Add(new SourceFile(prefix + file.Name, File.ReadAllLines(file.FullName)));
            }
        }
    }

    // Scripts have no ending; everything else that is text is listed.
    static bool IsText(string name)
    {
        string ending = Path.GetExtension(name);
        return ending.Length == 0 || textEndings.Contains(ending) || name.StartsWith('.');
    }
}
