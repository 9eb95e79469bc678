using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>The conformance suite of the ONNX standard, as Debian packs it.</summary>
static class OnnxSuite
{
    /// <summary>How to get it.</summary>
    public const string Missing = "the ONNX conformance suite was not found: install Debian's "
        + "libonnx-testdata, or point EDGEDL_ONNX_SUITE at its folder 'data'";

    static readonly string Root = Environment.GetEnvironmentVariable("EDGEDL_ONNX_SUITE")
        ?? "/usr/share/libonnx-testdata/data";

    public static bool Exists => Directory.Exists(Root);

    /// <summary>Every case, as group/name.</summary>
    public static IEnumerable<string> Names => !Exists ? [] : Directory
        .EnumerateFiles(Root, "model.onnx", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root, Path.GetDirectoryName(file)!))
        .Order(StringComparer.Ordinal);

    /// <summary>The cases of one operator that pass.</summary>
    public static IEnumerable<SuiteCase> Singles => Names
        .Where(name => !Exclusions.ContainsKey(name)).Select(name => new SuiteCase(name))
        .Where(c => c.Operator.Length > 0);

    public static string Folder(string name) => Path.Combine(Root, name);

    /// <summary>The cases that do not pass, and why; test/…, a tab, the reason.</summary>
    public static IReadOnlyDictionary<string, string> Exclusions { get; } = File
        .ReadAllLines(Path.Combine(Repository.Root!,
            "tests/EdgeDL.Convert.Tests/Onnx/conformance-exclusions.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('\t', 2))
        .ToDictionary(parts => parts[0], parts => parts[1]);
}
