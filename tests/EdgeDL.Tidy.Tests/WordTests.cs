using System.Text.RegularExpressions;

namespace EdgeDL.Tidy.Tests;

/// <summary>Words that have their place, or none.</summary>
public sealed partial class WordTests
{
    static readonly string[] shipped = ["src", "firmware-hosts", "tools"];

    [Fact]
    public void Instruction_sets_stay_in_their_files()
    {
        Forbid(
            SourceTree.CSharp.Where(f => f.IsIn(shipped) && !f.Name.Contains(".X86")),
            X86(), "X86 intrinsics belong in *.X86*.cs");
        Forbid(
            SourceTree.CSharp.Where(f => f.IsIn(shipped) && !f.Name.Contains(".Arm")),
            Arm(), "Arm intrinsics belong in *.Arm*.cs");
    }

    [Fact]
    public void No_Vector_of_T() =>
        Forbid(SourceTree.CSharp.Where(f => f.IsIn(shipped)), VectorOfT(), "use Vector128");

    [Fact]
    public void No_conditional_compilation() =>
        Forbid(SourceTree.CSharp.Where(f => f.IsIn(shipped)), Conditional(), "no #if");

    [Fact]
    public void Libraries_do_not_print() =>
        Forbid(SourceTree.CSharp.Where(f => f.IsIn("src")), Print(), "only programs print");

    [Fact]
    public void No_work_in_static_constructors() =>
        Forbid(
            SourceTree.CSharp.Where(f => f.IsIn("src")),
            StaticConstructor(),
            "a static constructor runs at a time nobody chose");

    [Fact]
    public void The_device_floors_use_no_reflection() =>
        Forbid(
            SourceTree.CSharp.Where(f => f.IsIn("src/EdgeDL.Kernels", "src/EdgeDL")),
            Reflection(),
            "no reflection on a device");

    [Fact]
    public void Nothing_is_left_for_later()
    {
        SourceTree.AssertNone(
            from file in SourceTree.All
            where file.Name != "WordTests.cs"
            from line in file.Lines.Select((text, i) => (text, number: i + 1))
            where Later().IsMatch(line.text)
            select $"{file.Path}:{line.number}: {line.text.Trim()}",
            "finish it or delete it");
    }

    [Fact]
    public void No_path_of_one_machine()
    {
        SourceTree.AssertNone(
            from file in SourceTree.All
            where file.Name != "WordTests.cs"
            from line in file.Lines.Select((text, i) => (text, number: i + 1))
            where MachinePath().IsMatch(line.text)
            select $"{file.Path}:{line.number}: {line.text.Trim()}",
            "paths are relative to the repository, or come from the environment");
    }

    [Fact]
    public void No_package_registry_is_named()
    {
        SourceTree.AssertNone(
            from file in SourceTree.All
            where file.Name != "WordTests.cs" && file.Name != "packages.lock.json"
            from line in file.Lines.Select((text, i) => (text, number: i + 1))
            where Registry().IsMatch(line.text)
            select $"{file.Path}:{line.number}: {line.text.Trim()}",
            "which registry serves a package is the machine's setting");
    }

    static void Forbid(IEnumerable<SourceFile> files, Regex word, string rule)
    {
        SourceTree.AssertNone(
            from file in files
            from line in file.Code()
            where word.IsMatch(line.Text)
            select $"{file.Path}:{line.Number}: {line.Text.Trim()}",
            rule);
    }

    [GeneratedRegex(@"Intrinsics\.X86|\b(Sse\w*|Ssse3|Avx\w*|Fma|Bmi\d|Popcnt|Lzcnt|X86Base)\.\w+")]
    private static partial Regex X86();

    [GeneratedRegex(@"Intrinsics\.Arm|\b(AdvSimd|ArmBase|Dp|Rdm|Sve2?)\.(Arm64|\w+\()")]
    private static partial Regex Arm();

    [GeneratedRegex(@"(?<!\w)Vector<|\bVector\.(IsHardware|Load|Create|Add|Multiply)")]
    private static partial Regex VectorOfT();

    [GeneratedRegex(@"^\s*#\s*(if|elif|else)\b")]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\bConsole\.|\bDebug\.Print|\bTrace\.Write")]
    private static partial Regex Print();

    [GeneratedRegex(@"^\s*static\s+\w+\(\)\s*(\{|=>|$)")]
    private static partial Regex StaticConstructor();

    [GeneratedRegex(@"System\.Reflection\b|\bActivator\.|\.GetMethod\(|\.GetProperty\(""")]
    private static partial Regex Reflection();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedException|\bfor now\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"(^|[\s""'=:(`])(/work/|/home/|/Users/|/root/|[A-Z]:\\)")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"(?i)nuget\.org|npmjs\.(org|com)|pypi\.org|crates\.io|pythonhosted")]
    private static partial Regex Registry();
}
