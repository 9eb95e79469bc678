namespace EdgeDL.Graphs;

/// <summary>
/// Values, and nodes in the order they run. The order is part of the meaning: variables are read
/// and written in it.
/// </summary>
public sealed class Graph(string name)
{
    /// <summary>The name users see.</summary>
    public string Name { get; } = name;

    /// <summary>Every tensor; nodes refer to them by index.</summary>
    public List<Value> Values { get; } = [];

    /// <summary>The nodes, each after those that feed it.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>Indices of the values that the caller fills.</summary>
    public List<int> Inputs { get; } = [];

    /// <summary>Indices of the values that the caller reads.</summary>
    public List<int> Outputs { get; } = [];

    public override string ToString() => $"{Name}: {Nodes.Count} nodes";
}
