using System.Xml.Linq;
using EdgeDL.Testing;

namespace EdgeDL.Tidy.Tests;

/// <summary>The house's floors: a project references only projects of lower floors.</summary>
public sealed class FloorTests
{
    static readonly Dictionary<string, int> floors = new()
    {
        ["EdgeDL.Kernels"] = 0,
        ["EdgeDL"] = 1,
        ["EdgeDL.Learning"] = 2,
        ["EdgeDL.Devices"] = 2,
        ["EdgeDL.Cuda"] = 2,
        ["EdgeDL.OnnxRuntime"] = 2,
        ["EdgeDL.Convert"] = 2,
        ["EdgeDL.Training"] = 3,
        ["EdgeDL.Host"] = 3,
    };

    [Fact]
    public void Every_project_of_src_has_a_floor()
    {
        SourceTree.AssertNone(
            SourceTree.Projects.Where(p => p.IsIn("src") && !floors.ContainsKey(NameOf(p.Path)))
                .Select(p => p.Path),
            "a project under src must be listed with its floor");
    }

    [Fact]
    public void References_go_down()
    {
        IEnumerable<string> upward =
            from project in SourceTree.Projects
            where !project.IsIn("tests")
            from reference in References(project, "ProjectReference")
            let floor = FloorOf(project.Path)
            let below = FloorOf(reference)
            where below >= floor
            select $"{project.Path} (floor {floor}) references {NameOf(reference)} ({below})";
        SourceTree.AssertNone(upward, "a project references only floors below its own");
    }

    [Fact]
    public void Floors_0_and_1_take_no_package()
    {
        IEnumerable<string> taken =
            from project in SourceTree.Projects
            where project.IsIn("src") && FloorOf(project.Path) <= 1
            from package in References(project, "PackageReference")
            select $"{project.Path} takes {package}";
        SourceTree.AssertNone(taken, "floors 0 and 1 take no package");
    }

    [Fact]
    public void Every_package_is_pinned_once_and_has_a_reason()
    {
        IEnumerable<string> unpinned =
            from project in SourceTree.Projects
            from element in XDocument.Parse(string.Join('\n', project.Lines))
                .Descendants("PackageReference")
            where element.Attribute("Version") is not null
                || !Exceptions.Packages.ContainsKey(element.Attribute("Include")?.Value ?? "")
            select $"{project.Path}: {element}";
        SourceTree.AssertNone(
            unpinned, "versions stand in Directory.Packages.props, reasons in Exceptions.Packages");
    }

    [Fact]
    public void The_solution_holds_every_project()
    {
        string solution = File.ReadAllText(Repository.PathOf("EdgeDL.sln")).Replace('\\', '/');
        SourceTree.AssertNone(
            SourceTree.Projects.Where(p => !solution.Contains(p.Path)).Select(p => p.Path),
            "add to EdgeDL.sln with `dotnet sln add`");
    }

    [Fact]
    public void Every_project_locks_its_packages()
    {
        SourceTree.AssertNone(
            SourceTree.Projects.Where(p => !File.Exists(Path.Combine(
                Path.GetDirectoryName(Repository.PathOf(p.Path))!, "packages.lock.json")))
                .Select(p => p.Path),
            "packages.lock.json is missing beside");
    }

    static IEnumerable<string> References(SourceFile project, string kind)
    {
        return XDocument.Parse(string.Join('\n', project.Lines)).Descendants(kind)
            .Select(e => (e.Attribute("Include")?.Value ?? "").Replace('\\', '/'));
    }

    // Programs stand on top; test helpers above them, so that nothing shipped reaches for a test.
    static int FloorOf(string project)
    {
        return floors.TryGetValue(NameOf(project), out int floor) ? floor
            : project.Contains("tests/") ? 5 : 4;
    }

    static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);
}
