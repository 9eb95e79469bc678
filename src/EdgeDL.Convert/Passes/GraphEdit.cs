using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// A graph under a pass: who makes a value, who reads it, and the edits that keep both right.
/// </summary>
sealed class GraphEdit
{
    readonly List<List<Node>> readers = [];
    readonly List<Node?> makers = [];

    public GraphEdit(Model model, Graph graph, ConstantBudget budget)
    {
        Model = model;
        Budget = budget;
        Graph = graph;
        for (int v = 0; v < graph.Values.Count; v++)
        {
            readers.Add([]);
            makers.Add(null);
        }

        foreach (Node node in graph.Nodes)
        {
            Link(node);
        }
    }

    public Model Model { get; }

    public ConstantBudget Budget { get; }

    public Graph Graph { get; }

    /// <summary>The nodes as they stood at the call; edits don't disturb the walk.</summary>
    public Node[] Nodes => [.. Graph.Nodes];

    public Value Value(int index) => Graph.Values[index];

    /// <summary>The node that makes a value; null for inputs and constants.</summary>
    public Node? Maker(int value) => value < 0 ? null : makers[value];

    /// <summary>The nodes that read a value, each once for every time it does.</summary>
    public IReadOnlyList<Node> Readers(int value) => readers[value];

    public bool IsOutput(int value) => Graph.Outputs.Contains(value);

    public bool IsInput(int value) => Graph.Inputs.Contains(value);

    public bool IsConstant(int value) => value >= 0 && Graph.Values[value].Constant is not null;

    /// <summary>The only reader of a value; null if others read it or the caller does.</summary>
    public Node? OnlyReader(int value) =>
        readers[value].Count == 1 && !IsOutput(value) ? readers[value][0] : null;

    /// <summary>True if the node is still part of the graph.</summary>
    public bool Has(Node node) => node.Outputs.Length == 0
        ? Graph.Nodes.Contains(node)
        : makers[node.Outputs[0]] == node;

    /// <summary>
    /// Takes a node out; nothing may read its outputs any more, or they are constant.
    /// </summary>
    public void Remove(Node node)
    {
        Unlink(node);
        Graph.Nodes.Remove(node);
    }

    /// <summary>Gives a node another op and other inputs; its outputs stay.</summary>
    public void Rewire(Node node, Op op, params int[] inputs)
    {
        Unlink(node);
        node.Op = op;
        node.Inputs = inputs;
        Link(node);
    }

    /// <summary>
    /// Makes <paramref name="node"/> write the output of <paramref name="last"/>, the only reader
    /// of its own, and takes <paramref name="last"/> out.
    /// </summary>
    public void Absorb(Node node, Node last)
    {
        int output = last.Outputs[0];
        Remove(last);
        Unlink(node);
        node.Outputs = [output];
        Link(node);
    }

    /// <summary>
    /// Lets every reader of <paramref name="old"/> read <paramref name="replacement"/>. False,
    /// and nothing done, if the caller of the graph would lose a named output by it.
    /// </summary>
    public bool Replace(int old, int replacement)
    {
        if (IsOutput(old))
        {
            // The replacement can take the output's name only if it has none of its own to keep.
            if (IsInput(replacement) || IsConstant(replacement) || IsOutput(replacement))
            {
                return false;
            }

            Value(replacement).Name = Value(old).Name;
            for (int i = 0; i < Graph.Outputs.Count; i++)
            {
                Graph.Outputs[i] = Graph.Outputs[i] == old ? replacement : Graph.Outputs[i];
            }
        }

        foreach (Node reader in readers[old].Distinct().ToArray())
        {
            Rewire(reader, reader.Op, [.. reader.Inputs.Select(i => i == old ? replacement : i)]);
        }

        return true;
    }

    /// <summary>Puts a new node in front of another.</summary>
    public void InsertBefore(Node place, Node node)
    {
        Graph.Nodes.Insert(Graph.Nodes.IndexOf(place), node);
        Link(node);
    }

    /// <summary>Puts a new node behind another.</summary>
    public void InsertAfter(Node place, Node node)
    {
        Graph.Nodes.Insert(Graph.Nodes.IndexOf(place) + 1, node);
        Link(node);
    }

    /// <summary>True if a node runs before another.</summary>
    public bool Precedes(Node node, Node other) =>
        Graph.Nodes.IndexOf(node) < Graph.Nodes.IndexOf(other);

    /// <summary>Lets a node write other values than it did.</summary>
    public void Redirect(Node node, int[] outputs)
    {
        Unlink(node);
        node.Outputs = outputs;
        Link(node);
    }

    /// <summary>Adds a value that a node will write; returns its index.</summary>
    public int AddValue(string name, DType type, Shape shape, Quantization? quant)
    {
        Graph.Values.Add(new Value { Name = name, DType = type, Shape = shape, Quant = quant });
        readers.Add([]);
        makers.Add(null);
        return Graph.Values.Count - 1;
    }

    /// <summary>Adds a constant; returns its value index.</summary>
    public int AddConstant(string name, DType type, Shape shape, Constant bytes,
        Quantization? quant)
    {
        Graph.Values.Add(new Value
        {
            Name = name, DType = type, Shape = shape, Quant = quant, Constant = bytes,
        });
        readers.Add([]);
        makers.Add(null);
        return Graph.Values.Count - 1;
    }

    void Link(Node node)
    {
        foreach (int input in node.Inputs)
        {
            if (input >= 0)
            {
                readers[input].Add(node);
            }
        }

        foreach (int output in node.Outputs)
        {
            makers[output] = node;
        }
    }

    void Unlink(Node node)
    {
        foreach (int input in node.Inputs)
        {
            if (input >= 0)
            {
                readers[input].Remove(node);
            }
        }

        foreach (int output in node.Outputs)
        {
            if (makers[output] == node)
            {
                makers[output] = null;
            }
        }
    }
}
