using System.Globalization;
using ConsoleAppFramework;

namespace EdgeDL.Bench;

sealed class ModelsCommand
{
    /// <summary>Measure models with the edgedl program, and the programs themselves.</summary>
    /// <param name="models">.edl files and directories of them.</param>
    /// <param name="threads">-t, Thread counts, with commas.</param>
    /// <param name="runs">-n, Timed runs of each model; 0 for two seconds' worth.</param>
    /// <param name="edgedl">The edgedl program; otherwise the one beside this program.</param>
    /// <param name="output">-o, Markdown file; otherwise tools/edgedl-bench/results/CPU.md.</param>
    [Command("models")]
    public int Models(
        int[]? threads = null,
        int runs = 0,
        string? edgedl = null,
        string? output = null,
        [Argument] params string[] models) => Exit.Guard(() =>
    {
        var program = new MeasuredProgram(edgedl ?? MeasuredProgram.Beside());
        var rows = Measure(program, FilesOf(models), threads ?? [1], runs);
        var limits = Limits.Check(program, rows);
        var report = Report.Text(program, rows, limits);
        var path = output ?? ResultFile.Of("");
        ResultFile.Write(path, report);
        Console.WriteLine(report);
        Console.WriteLine($"written to {path}");
        return limits.TrueForAll(limit => limit.Holds) ? Exit.Ok : Exit.CheckFailed;
    });

    static List<ModelRow> Measure(
        MeasuredProgram program, List<string> files, int[] threads, int runs)
    {
        var rows = new List<ModelRow>();
        foreach (var file in files)
        {
            foreach (var count in threads)
            {
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"measuring {file} on {count} thread(s)"));
                rows.Add(program.Measure(file, count, runs));
            }
        }

        return rows;
    }

    static List<string> FilesOf(string[] models)
    {
        var files = new List<string>();
        foreach (var model in models)
        {
            if (Directory.Exists(model))
            {
                var found = Directory.GetFiles(model, "*.edl");
                Array.Sort(found, StringComparer.Ordinal);
                files.AddRange(found);
            }
            else if (File.Exists(model))
            {
                files.Add(model);
            }
            else
            {
                throw new BenchException($"{model}: does not exist; check the path", 2);
            }
        }

        return files.Count > 0
            ? files
            : throw new BenchException("no .edl files named; pack some with edgedl-pack", 2);
    }
}
