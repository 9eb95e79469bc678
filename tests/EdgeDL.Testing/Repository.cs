namespace EdgeDL.Testing;

/// <summary>The source tree that the running test was built from.</summary>
public static class Repository
{
    /// <summary>Folder that holds EdgeDL.sln, or null when the binary was moved away.</summary>
    public static string? Root { get; } = Find(AppContext.BaseDirectory)
        ?? Find(Directory.GetCurrentDirectory());

    public static string PathOf(string relative)
    {
        return Path.Combine(
            Root ?? throw new DirectoryNotFoundException("EdgeDL.sln is not above the test binary"),
            relative);
    }

    static string? Find(string start)
    {
        for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "EdgeDL.sln")))
            {
                return at.FullName;
            }
        }

        return null;
    }
}
