using System.Diagnostics;
using EdgeDL.Execution;
using EdgeDL.Host.Measuring;

namespace EdgeDL.Bench.Compare;

/// <summary>Which ops our time goes to.</summary>
static class OpShares
{
    const double Seconds = 0.1;
    const int LeastRuns = 3;
    const double LeastShare = 0.03;
    const int LongestName = 40;

    /// <summary>"Conv2D 71 % (45 GOP/s), …", the most first, and the slowest node.</summary>
    public static string Of(OurContender ours)
    {
        Session session = ours.Session;
        Profiler profiler = session.StartProfiling();
        var watch = Stopwatch.StartNew();
        for (int run = 0; run < LeastRuns || watch.Elapsed.TotalSeconds < Seconds; run++)
        {
            ours.Fill();
            ours.Run();
        }

        NodeTime[] nodes = ModelBenchmark.Times(session, profiler);
        session.StopProfiling();
        double all = nodes.Sum(n => n.Microseconds);
        if (nodes.Length == 0 || all <= 0)
        {
            return "";
        }

        IEnumerable<string> shares = nodes
            .GroupBy(n => n.Op)
            .Select(g => (
                Op: g.Key, Time: g.Sum(n => n.Microseconds), Macs: g.Sum(n => n.Macs)))
            .Where(g => g.Time / all >= LeastShare)
            .OrderByDescending(g => g.Time)
            .Select(g => $"{g.Op} {g.Time / all:0 %}{Rate(g.Macs, g.Time)}");
        NodeTime slowest = nodes.MaxBy(n => n.Microseconds);
        return $"{string.Join(", ", shares)}; most in one node: '{Short(slowest.Name)}', "
            + $"{slowest.Op}, "
            + $"{slowest.Microseconds / all:0 %}{Rate(slowest.Macs, slowest.Microseconds)}";
    }

    // A name that a converter has put together from all that it fused ends with the op itself.
    static string Short(string name) =>
        name.Length <= LongestName ? name : "…" + name[^LongestName..];

    static string Rate(long macs, double microseconds) =>
        macs == 0 || microseconds <= 0 ? "" : $" ({macs * 2e-3 / microseconds:0.0} GOP/s)";
}
