using System.Globalization;

namespace EdgeDL.Pack.Tune;

/// <summary>What was measured, and what was chosen.</summary>
static class TuneReport
{
    const int NameWidth = 48;
    const int WayWidth = 14;
    const int TimeWidth = 10;

    /// <param name="nodes">All that had a choice.</param>
    /// <param name="all">Also those that keep the rule's.</param>
    public static void Write(List<TunedNode> nodes, bool all, TextWriter to)
    {
        List<TunedNode> shown = all ? nodes : nodes.FindAll(n => n.Chosen != 0);
        if (shown.Count > 0)
        {
            to.WriteLine(
                $"{"node",-NameWidth} {"taken",-WayWidth} each way with µs, the rule's first");
        }

        foreach (TunedNode n in shown)
        {
            string times = n.Microseconds.Length == 0
                ? "not measured: another node calls its graph; the rule's way"
                : string.Join("  ", n.Microseconds.Select((us, i) => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{n.Way(i),-WayWidth} {us,TimeWidth:0.0}")));
            to.WriteLine(
                $"{Text.Fit(Text.Name(n.Node.Name), NameWidth)} {n.Way(n.Chosen),-WayWidth} "
                    + times);
        }

        int others = nodes.Count(n => n.Chosen != 0);
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{nodes.Count} nodes can be computed in several ways; {others} of them take another "
                + $"than the rule's, which saves {nodes.Sum(n => n.Saved):0.0} µs a run"));
    }
}
