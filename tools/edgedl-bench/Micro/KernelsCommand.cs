using ConsoleAppFramework;
using EdgeDL.Bench.Peak;
using EdgeDL.Bench.Timing;

namespace EdgeDL.Bench.Micro;

sealed class KernelsCommand
{
    // Two rows that are this close are equally fast.
    const double Slack = 1.05;

    static KernelFamily[] Families() =>
    [
        new("product fp32", true, KernelShapes.Products(), ConvRuns.Float32),
        new("product int8", false, KernelShapes.Products(), ConvRuns.Int8),
        new("conv fp32", true, KernelShapes.Convolutions(), ConvRuns.Float32),
        new("conv int8", false, KernelShapes.Convolutions(), ConvRuns.Int8),
        new("depthwise fp32", true, KernelShapes.Depthwise(), DepthwiseRuns.Float32),
        new("depthwise int8", false, KernelShapes.Depthwise(), DepthwiseRuns.Int8),
    ];

    /// <summary>Time every row of the kernel families that this processor runs, in turn, one
    /// thread, at fixed shapes.</summary>
    /// <param name="seconds">-s, Seconds a shape.</param>
    /// <param name="filter">-f, Only families and shapes with this in their names.</param>
    /// <param name="assert">Exit with 1 if a row is faster than the one that dispatch takes.
    /// </param>
    [Command("kernels")]
    public int Kernels(double seconds = 0.4, string filter = "", bool assert = false) =>
        Exit.Guard(() =>
    {
        if (!(seconds > 0 && seconds <= 3600))
        {
            throw new BenchException(
                $"--seconds {seconds}: must be more than 0 and at most 3600", Exit.Usage);
        }

        CorePeaks peaks = CorePeaks.Measure(withMemory: false);
        Console.WriteLine(
            "| kernel | shape | row | microseconds | GOP/s | of peak | over the first row |");
        Console.WriteLine("|---|---|---|--:|--:|--:|--:|");
        bool isAny = false;
        bool holds = true;
        foreach (KernelFamily family in Families())
        {
            foreach (LayerShape shape in family.Shapes)
            {
                if ($"{family.Family} {shape.Name}".Contains(
                    filter, StringComparison.OrdinalIgnoreCase))
                {
                    isAny = true;
                    holds &= Measure(family, shape, peaks, seconds);
                }
            }
        }

        return !isAny
            ? throw new BenchException(
                $"--filter {filter}: no family or shape has this in its name", Exit.Usage)
            : assert && !holds ? Exit.CheckFailed : Exit.Ok;
    });

    // Prints the rows of one shape; true if none is faster than the first.
    static bool Measure(KernelFamily family, LayerShape shape, CorePeaks peaks, double seconds)
    {
        using var memory = new NativeBlocks();
        KernelRun[] runs = [.. family.Runs(shape.Shape, memory)];
        Times[] times = new Rounds(seconds, threads: 1).Time(runs);
        double peak = family.IsFloat ? peaks.Float32Peak : peaks.Int8Peak;
        bool holds = true;
        for (int i = 0; i < runs.Length; i++)
        {
            double rate = shape.Macs * 2e-3 / times[i].Median;
            double overFirst = times[i].Median / times[0].Median;
            bool isFaster = overFirst * Slack < 1;
            holds &= !isFaster;
            string share = peak > 0 ? $"{rate / peak:0 %}" : "";
            string mark = isFaster ? " **faster**" : "";
            Console.WriteLine(
                $"| {family.Family} | {shape.Name} | {runs[i].Row} | {times[i].Median:0.00} "
                + $"| {rate:0.0} | {share} | {overFirst:0.00}{mark} |");
        }

        return holds;
    }
}
