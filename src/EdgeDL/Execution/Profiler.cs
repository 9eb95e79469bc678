using System.Diagnostics;
using EdgeDL.Graphs;

namespace EdgeDL.Execution;

/// <summary>Time spent in each node of the main graph since profiling was switched on.</summary>
public sealed class Profiler
{
    readonly long[] ticks;

    internal Profiler(Graph graph, int[] stepNodes)
    {
        ticks = new long[stepNodes.Length];
        Nodes = Array.ConvertAll(stepNodes, n => graph.Nodes[n]);
    }

    /// <summary>The node of each step, in running order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>How many runs have been added up.</summary>
    public long Runs { get; internal set; }

    /// <summary>Microseconds of step <paramref name="i"/> in an average run.</summary>
    public double MicrosecondsOf(int i) =>
        Runs == 0 ? 0 : ticks[i] * 1e6 / Stopwatch.Frequency / Runs;

    internal bool Run(Step[] steps)
    {
        Runs++;
        long before = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i].Run();
            long after = Stopwatch.GetTimestamp();
            ticks[i] += after - before;
            before = after;
            if (steps[i].EndsRun)
            {
                return false;
            }
        }

        return true;
    }
}
