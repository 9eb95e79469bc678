using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using EdgeDL.Testing;

namespace EdgeDL.Tidy.Tests;

/// <summary>What the documents tell a reader to type or open exists.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class ReadmeTests
{
    [Fact]
    public void Commands_of_the_documents_exist()
    {
        IEnumerable<string> missing =
            from document in Documents()
            from line in ShellLines(document)
            let command = Script().Match(line.Text)
            where command.Success && !File.Exists(Repository.PathOf(command.Groups[1].Value))
            select $"{document.Path}:{line.Number}: {command.Groups[1].Value}";
        SourceTree.AssertNone(missing, "a document names a script that does not exist");
    }

    [Fact]
    public void Links_of_the_documents_lead_somewhere()
    {
        IEnumerable<string> broken =
            from document in Documents()
            from line in document.Lines.Select((text, i) => (text, number: i + 1))
            from Match link in Link().Matches(line.text)
            let target = link.Groups[1].Value
            where !target.Contains("://") && !target.StartsWith('#')
            let folder = Path.GetDirectoryName(document.Path) ?? ""
            let path = Repository.PathOf(Path.Combine(folder, target.Split('#')[0]))
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{document.Path}:{line.number}: {target}";
        SourceTree.AssertNone(broken, "a link leads nowhere");
    }

    [Theory]
    [InlineData("tools/test")]
    [InlineData(".ci/run")]
    public void Scripts_are_executable(string path)
    {
        UnixFileMode mode = File.GetUnixFileMode(Repository.PathOf(path));
        Assert.True(mode.HasFlag(UnixFileMode.UserExecute), $"chmod +x {path}");
    }

    static IEnumerable<SourceFile> Documents()
    {
        return SourceTree.All.Where(f => f.Name.EndsWith(".md", StringComparison.Ordinal));
    }

    // Lines inside ``` fences that are not marked as another language.
    static IEnumerable<(int Number, string Text)> ShellLines(SourceFile document)
    {
        bool inside = false;
        bool shell = false;
        for (int i = 0; i < document.Lines.Length; i++)
        {
            string line = document.Lines[i].TrimStart();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = !inside;
                shell = inside && Shell().IsMatch(line);
            }
            else if (shell)
            {
                yield return (i + 1, line);
            }
        }
    }

    [GeneratedRegex(@"^(?:\$ )?((?:\./)?(?:tools|\.ci)/[\w./-]+)")]
    private static partial Regex Script();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```(|sh|bash|console|shell|text)\s*$")]
    private static partial Regex Shell();
}
