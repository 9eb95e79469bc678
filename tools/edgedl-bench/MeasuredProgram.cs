using System.Diagnostics;
using System.Text.Json;
using EdgeDL.Execution;
using EdgeDL.Graphs;

namespace EdgeDL.Bench;

/// <summary>What one model costs on a number of threads.</summary>
sealed record ModelRow
{
    public required string Path { get; init; }

    public required int Threads { get; init; }

    public required int Runs { get; init; }

    public required double MedianMicroseconds { get; init; }

    public required double P99Microseconds { get; init; }

    public required double GigaOperations { get; init; }

    public required long Macs { get; init; }

    public required long ArenaBytes { get; init; }

    public required long LowerBoundBytes { get; init; }

    public required long PackedBytes { get; init; }

    public required long ResidentBytes { get; init; }

    public required long AllocatedBytes { get; init; }

    public long FileBytes => new FileInfo(Path).Length;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
}

/// <summary>
/// The edgedl program under measurement. Each model has a process of its own, so that its memory
/// is its own.
/// </summary>
sealed class MeasuredProgram
{
    public MeasuredProgram(string path)
    {
        Path = path;
        if (!File.Exists(path))
        {
            throw new BenchException($"{path}: does not exist; build it with tools/build", 2);
        }
    }

    public string Path { get; }

    public static string Beside() => System.IO.Path.Combine(AppContext.BaseDirectory, "edgedl");

    public ModelRow Measure(string file, int threads, int runs)
    {
        var text = Output(
            ["bench", file, "--json", "--threads", $"{threads}", "--runs", $"{runs}"]);
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var times = root.GetProperty("microseconds");
        using var model = Model.Load(file);
        return new ModelRow
        {
            Path = file,
            Threads = threads,
            Runs = root.GetProperty("runs").GetInt32(),
            MedianMicroseconds = times.GetProperty("median").GetDouble(),
            P99Microseconds = times.GetProperty("p99").GetDouble(),
            GigaOperations = root.GetProperty("gigaOperationsPerSecond").GetDouble(),
            Macs = root.GetProperty("macs").GetInt64(),
            ArenaBytes = root.GetProperty("arenaBytes").GetInt64(),
            LowerBoundBytes = ModelAnalysis.Of(model).Plan.Graphs[0].LowerBoundBytes,
            PackedBytes = root.GetProperty("packedBytes").GetInt64(),
            ResidentBytes = root.GetProperty("residentBytes").GetInt64(),
            AllocatedBytes = root.GetProperty("allocatedBytes").GetInt64(),
        };
    }

    /// <summary>Milliseconds from before the process exists to its first line of output, the
    /// median of many starts, for a model with one raw input of zeros.</summary>
    public double StartToAnswerMilliseconds(string file)
    {
        const int Starts = 31;
        using var model = Model.Load(file);
        var input = model.Main.Values[model.Main.Inputs[0]];
        var zeros = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(zeros, new byte[input.Bytes]);
            var times = new double[Starts];
            for (var i = 0; i < Starts; i++)
            {
                var watch = Stopwatch.StartNew();
                using var process = Start(["run", file, "--input", zeros]);
                process.StandardOutput.ReadLine();
                times[i] = watch.Elapsed.TotalMilliseconds;
                process.StandardOutput.ReadToEnd();
                process.WaitForExit();
            }

            Array.Sort(times);
            return times[Starts / 2];
        }
        finally
        {
            File.Delete(zeros);
        }
    }

    string Output(string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new BenchException(error.Result.Trim(), process.ExitCode);
    }

    Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(Path, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
