using System.Diagnostics;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Host.Measuring;

/// <summary>Times of one node in an average run.</summary>
public readonly record struct NodeTime(string Name, string Op, double Microseconds, long Macs);

/// <summary>What a model costs on this machine.</summary>
public sealed record BenchmarkResult
{
    public required int Runs { get; init; }

    public required int Threads { get; init; }

    /// <summary>Microseconds of each run, the shortest first.</summary>
    public required double[] Microseconds { get; init; }

    /// <summary>Multiply-accumulates of one run.</summary>
    public required long Macs { get; init; }

    /// <summary>Managed bytes allocated during all runs, and collections.</summary>
    public required long AllocatedBytes { get; init; }

    public required int Collections { get; init; }

    public required long ArenaBytes { get; init; }

    public required long PackedBytes { get; init; }

    /// <summary>What the threads share from step to step, beside the arena.</summary>
    public required long WorkerScratchBytes { get; init; }

    /// <summary>Resident memory of the process after the runs.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>The nodes in running order, timed in runs of their own.</summary>
    public required NodeTime[] Nodes { get; init; }

    /// <summary>Of all runs, the part <paramref name="fraction"/> took no longer than this (nearest
    /// rank).</summary>
    public double Percentile(double fraction)
    {
        var rank = (int)Math.Ceiling(fraction * Microseconds.Length) - 1;
        return Microseconds[Math.Clamp(rank, 0, Microseconds.Length - 1)];
    }

    public double Median => Percentile(0.5);

    public double Mean => Microseconds.Average();

    /// <summary>Two operations a multiply-accumulate, by the median, in 10⁹ a second.</summary>
    public double GigaOperations => Macs * 2e-3 / Median;
}

/// <summary>Runs a session often enough to say how long it takes.</summary>
public static class ModelBenchmark
{
    const int MaxRuns = 100_000;
    const double WarmUpSeconds = 0.2;
    const double SecondsWhenUnspecified = 2;

    /// <summary>Measures; <paramref name="runs"/> 0 means as many as fit in two seconds.</summary>
    public static BenchmarkResult Measure(Session session, int threads, int runs)
    {
        var analysis = ModelAnalysis.Of(session.Model);
        FillInputs(session);
        var single = WarmUp(session);
        CodePages.GiveBack();
        if (runs == 0)
        {
            runs = (int)Math.Clamp(SecondsWhenUnspecified / single, 10, MaxRuns);
        }

        var ticks = new long[runs];
        var collections = GC.CollectionCount(0);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < runs; i++)
        {
            var before = Stopwatch.GetTimestamp();
            session.Run();
            ticks[i] = Stopwatch.GetTimestamp() - before;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        collections = GC.CollectionCount(0) - collections;
        var microseconds = Array.ConvertAll(ticks, t => t * 1e6 / Stopwatch.Frequency);
        Array.Sort(microseconds);
        return new BenchmarkResult
        {
            Runs = runs,
            Threads = threads,
            Microseconds = microseconds,
            Macs = analysis.TotalMacs,
            AllocatedBytes = allocated,
            Collections = collections,
            ArenaBytes = session.Memory.ArenaBytes,
            PackedBytes = session.Memory.PackedBytes,
            WorkerScratchBytes = session.Memory.WorkerScratchBytes,
            ResidentBytes = ProcessMemory.ResidentBytes(),
            Nodes = Profile(session, Math.Max(5, runs / 5)),
        };
    }

    // Bytes of every value: all zeros would make some float kernels faster than they are.
    static void FillInputs(Session session)
    {
        var random = new Random(1);
        for (var i = 0; i < session.InputCount; i++)
        {
            var input = session.Input(i);
            if (input.DType == DType.Float32)
            {
                foreach (ref var value in input.AsSpan<float>())
                {
                    value = (random.NextSingle() * 2) - 1;
                }
            }
            else if (input.DType is DType.Int8 or DType.UInt8)
            {
                random.NextBytes(input.AsBytes());
            }
            else
            {
                input.AsBytes().Clear();
            }
        }
    }

    static double WarmUp(Session session)
    {
        var watch = Stopwatch.StartNew();
        var runs = 0;
        do
        {
            session.Run();
            runs++;
        }
        while (watch.Elapsed.TotalSeconds < WarmUpSeconds);
        return watch.Elapsed.TotalSeconds / runs;
    }

    static NodeTime[] Profile(Session session, int runs)
    {
        var profiler = session.StartProfiling();
        for (var i = 0; i < runs; i++)
        {
            session.Run();
        }

        session.StopProfiling();
        return Times(session, profiler);
    }

    /// <summary>What a profiler of this session has seen.</summary>
    public static NodeTime[] Times(Session session, Profiler profiler)
    {
        var analysis = ModelAnalysis.Of(session.Model);
        var times = new NodeTime[profiler.Nodes.Count];
        for (var i = 0; i < times.Length; i++)
        {
            var node = profiler.Nodes[i];
            var index = session.Model.Main.Nodes.IndexOf(node);
            times[i] = new NodeTime(
                node.Name, node.Op.OpCode.ToString(), profiler.MicrosecondsOf(i),
                analysis.Macs(0, index));
        }

        return times;
    }
}
