namespace EdgeDL.Testing;

/// <summary>Finds the real models and data that tests read and the repository lacks.</summary>
public static class Assets
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    public static bool Present => Root is not null;

    /// <summary>One line: what is missing and how to get it.</summary>
    public const string SkipReason =
        "test material not found: put the files in ../shared/assets beside the repository, "
        + "or point EDGEDL_ASSETS at them (their public sources are in tests/README.md)";

    /// <summary>Full path of a file under the assets; throws when the assets are absent.</summary>
    public static string PathOf(string relative)
    {
        return Path.Combine(Root ?? throw new DirectoryNotFoundException(SkipReason), relative);
    }

    public static byte[] Bytes(string relative) => File.ReadAllBytes(PathOf(relative));

    /// <summary>Relative paths of all files with this ending, in ordinal order.</summary>
    public static string[] Files(string folder, string ending)
    {
        if (Root is null)
        {
            return [];
        }

        string start = Path.Combine(Root, folder);
        if (!Directory.Exists(start))
        {
            return [];
        }

        var files = Directory.EnumerateFiles(start, "*" + ending, SearchOption.AllDirectories);
        string[] found = [.. files.Select(f => Path.GetRelativePath(Root, f))];
        Array.Sort(found, StringComparer.Ordinal);
        return found;
    }

    /// <summary>Every .tflite file, relative to the root.</summary>
    public static string[] TfliteModels() => Files("", ".tflite");

    /// <summary>Path of the .tflite file with this name (no folder, no ending).</summary>
    public static string Tflite(string name)
    {
        string file = Array.Find(TfliteModels(), f => Path.GetFileNameWithoutExtension(f) == name)
            ?? throw new FileNotFoundException($"no {name}.tflite under {Root ?? "(no assets)"}");
        return PathOf(file);
    }

    static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("EDGEDL_ASSETS");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        }

        string? repository = Repository.Root;
        if (repository is null)
        {
            return null;
        }

        string beside = Path.GetFullPath(Path.Combine(repository, "..", "shared", "assets"));
        return Directory.Exists(beside) ? beside : null;
    }
}
