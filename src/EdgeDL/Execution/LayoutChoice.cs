using EdgeDL.Graphs;
using EdgeDL.Kernels;

namespace EdgeDL.Execution;

/// <summary>Chooses one of several ways to compute a node, which differ in how its weights are
/// packed: what measures them all says so here.</summary>
/// <param name="node">The node, of any graph of the model.</param>
/// <param name="layouts">One of each way, two or more; the one that is likely to be the fastest
/// stands first.</param>
/// <returns>The number of one of them.</returns>
public delegate int LayoutChoice(Node node, ReadOnlySpan<PackedLayout> layouts);
