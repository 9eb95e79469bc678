using EdgeDL.Ops;

namespace EdgeDL.Graphs;

/// <summary>
/// One use of an op: what it reads and writes, as indices into the graph's values.
/// </summary>
public sealed class Node(string name, Op op, int[] inputs, int[] outputs)
{
    /// <summary>The name users see in messages and profiles.</summary>
    public string Name { get; set; } = name;

    /// <summary>The op with its attributes.</summary>
    public Op Op { get; set; } = op;

    /// <summary>Value indices; −1 stands for an optional input that is absent.</summary>
    public int[] Inputs { get; set; } = inputs;

    /// <summary>Value indices.</summary>
    public int[] Outputs { get; set; } = outputs;

    public override string ToString() => $"{Name} ({Op.OpCode})";
}
