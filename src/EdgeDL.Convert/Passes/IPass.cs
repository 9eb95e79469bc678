using EdgeDL.Graphs;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// A rewrite of a graph that keeps what it computes: integer results to the bit, floats to
/// rounding.
/// </summary>
interface IPass
{
    /// <summary>The name that --verbose prints.</summary>
    string Name { get; }

    /// <summary>Rewrites the graph and says what it did, a line a change.</summary>
    void Run(GraphEdit graph, Action<string> did);
}
