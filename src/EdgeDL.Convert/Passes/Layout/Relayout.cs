using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// What a node becomes when it works on permuted tensors: its op, and the permutation of each
/// input and output; null where the tensor stays as it is. A permutation may be longer than an
/// operand's rank: the operand then gains axes of extent 1 in front first.
/// </summary>
sealed record Relayout(Op Op, int[]?[] Inputs, int[]?[] Outputs)
{
    /// <summary>
    /// The fully connected layers whose weights take the permutation, for a node that flattens.
    /// </summary>
    public IReadOnlyList<Node> Absorbers { get; init; } = [];
}
