using EdgeDL.Graphs;
using EdgeDL.Kernels;

namespace EdgeDL.Pack.Tune;

/// <summary>A node that can be computed in several ways, and how long each takes.</summary>
/// <param name="Node">The node.</param>
/// <param name="Layouts">What each way packs; the one that the rule takes stands first.</param>
/// <param name="Microseconds">Of each way, a median; empty if the node was not measured.</param>
sealed record TunedNode(Node Node, PackedLayout[] Layouts, double[] Microseconds)
{
    // What a median of a quiet machine may be off by: less is no reason to leave the rule.
    const double LeastGain = 0.03;

    /// <summary>The fastest way, if it is clearly faster than the rule's; else the rule's.
    /// </summary>
    public int Chosen
    {
        get
        {
            if (Microseconds.Length == 0)
            {
                return 0;
            }

            int fastest = Array.IndexOf(Microseconds, Microseconds.Min());
            return Microseconds[fastest] < (1 - LeastGain) * Microseconds[0] ? fastest : 0;
        }
    }

    /// <summary>Microseconds a run that the choice saves beside the rule's.</summary>
    public double Saved => Chosen == 0 ? 0 : Microseconds[0] - Microseconds[Chosen];

    /// <summary>A way's name: what its weights are packed as.</summary>
    public string Way(int i) => Layouts[i].Kind.ToString();
}
