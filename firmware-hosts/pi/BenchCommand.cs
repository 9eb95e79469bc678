using System.Text.Json;
using ConsoleAppFramework;
using EdgeDL.Execution;
using EdgeDL.Host.Measuring;

namespace EdgeDL.Pi;

sealed class BenchCommand
{
    const int NodesShown = 15;

    /// <summary>Measure a model: latency, time per node, allocations, memory.</summary>
    /// <param name="model">The .edl file.</param>
    /// <param name="threads">-t, Threads to run on.</param>
    /// <param name="runs">-n, Timed runs; 0 for as many as two seconds hold.</param>
    /// <param name="json">Print JSON.</param>
    /// <param name="hash">When the SHA-256 of the weights is compared: full, before anything reads
    /// them; lazy, after the answers, which are void if it fails (exit code 4); or off. All else
    /// of the file is always checked first.</param>
    /// <param name="strict">Refuse a model whose weights are not packed for this CPU (exit code 4)
    /// instead of packing them: edgedl-pack convert --target.</param>
    /// <param name="debug">Print a stack trace on failure.</param>
    [Command("bench")]
    public int Bench(
        [Argument] string model,
        int threads = 1,
        int runs = 0,
        bool json = false,
        string hash = "full",
        bool strict = false,
        bool debug = false) => Guard.Run(debug, () =>
    {
        if (runs is < 0 or > 10_000_000)
        {
            throw new UsageException($"--runs {runs}: give 1 to 10000000, or 0");
        }

        var options = new SessionOptions
        {
            Threads = ModelFile.CheckThreads(threads),
            RequirePackedWeights = strict,
        };
        var mode = HashModes.Parse(hash);
        using var loaded = ModelFile.Load(model, mode.Check());
        using var session = new Session(loaded, options);
        if (session.Packing.Warning is { } warning)
        {
            Console.Error.WriteLine($"edgedl: {model}: {warning}");
        }

        var result = ModelBenchmark.Measure(session, threads, runs);
        if (json)
        {
            JsonOutput.Write(writer => Write(writer, model, result));
        }
        else
        {
            Print(model, result);
        }

        if (mode == HashMode.Lazy)
        {
            ModelFile.Verify(model, loaded);
        }

        return ExitCodes.Ok;
    });

    static void Print(string model, BenchmarkResult result)
    {
        Console.WriteLine(
            $"{model}: {result.Runs} runs on {result.Threads} "
            + $"thread{(result.Threads == 1 ? "" : "s")}");
        Console.WriteLine(
            $"latency    median {Time(result.Median)}, mean {Time(result.Mean)}, "
            + $"min {Time(result.Percentile(0))}, p90 {Time(result.Percentile(0.9))}, "
            + $"p99 {Time(result.Percentile(0.99))}, max {Time(result.Percentile(1))}");
        Console.WriteLine(
            $"work       {result.Macs / 1e6:0.##} M multiply-accumulates, "
            + $"{result.GigaOperations:0.##} GOP/s");
        Console.WriteLine(
            $"memory     arena {result.ArenaBytes} B, packed weights {result.PackedBytes} B, "
            + $"scratch of threads {result.WorkerScratchBytes} B, resident "
                + $"{result.ResidentBytes / 1e6:0.0} MB");
        Console.WriteLine(
            $"managed    {result.AllocatedBytes} B allocated, {result.Collections} collections");
        NodeTable.Print(result.Nodes, NodesShown);
    }

    static string Time(double microseconds) => microseconds >= 1000
        ? $"{microseconds / 1000:0.00} ms"
        : $"{microseconds:0.0} µs";

    static void Write(Utf8JsonWriter writer, string model, BenchmarkResult result)
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteNumber("threads", result.Threads);
        writer.WriteNumber("runs", result.Runs);
        writer.WriteStartObject("microseconds");
        JsonOutput.Number(writer, "median", result.Median, 3);
        JsonOutput.Number(writer, "mean", result.Mean, 3);
        JsonOutput.Number(writer, "min", result.Percentile(0), 3);
        JsonOutput.Number(writer, "p90", result.Percentile(0.9), 3);
        JsonOutput.Number(writer, "p99", result.Percentile(0.99), 3);
        JsonOutput.Number(writer, "max", result.Percentile(1), 3);
        writer.WriteEndObject();
        writer.WriteNumber("macs", result.Macs);
        JsonOutput.Number(writer, "gigaOperationsPerSecond", result.GigaOperations, 3);
        writer.WriteNumber("arenaBytes", result.ArenaBytes);
        writer.WriteNumber("packedBytes", result.PackedBytes);
        writer.WriteNumber("workerScratchBytes", result.WorkerScratchBytes);
        writer.WriteNumber("residentBytes", result.ResidentBytes);
        writer.WriteNumber("allocatedBytes", result.AllocatedBytes);
        writer.WriteNumber("collections", result.Collections);
        NodeTable.Write(writer, result.Nodes);
        writer.WriteEndObject();
    }
}
