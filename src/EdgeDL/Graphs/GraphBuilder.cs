using EdgeDL.Execution;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Graphs;

/// <summary>
/// Builds a graph of a model node by node; shapes and types follow as nodes are added, and what
/// does not fit is refused at once.
/// </summary>
public sealed class GraphBuilder
{
    readonly int graphIndex;

    /// <summary>Starts a model whose main graph has this name.</summary>
    public GraphBuilder(string name)
        : this(new Model(), name)
    {
    }

    /// <summary>Starts one more graph of <paramref name="model"/>. Graphs may call those that
    /// were added after them; fill a callee before the node that calls it is added.</summary>
    public GraphBuilder(Model model, string name)
    {
        Model = model;
        Graph = new Graph(name);
        model.Graphs.Add(Graph);
        graphIndex = model.Graphs.Count - 1;
    }

    GraphBuilder(Model model)
    {
        Model = model;
        Graph = model.Main;
    }

    /// <summary>Goes on building the main graph of a model; drops its memory plan.</summary>
    public static GraphBuilder Extend(Model model)
    {
        model.Plan = null;
        return new GraphBuilder(model);
    }

    /// <summary>The model being built.</summary>
    public Model Model { get; }

    /// <summary>The graph being built.</summary>
    public Graph Graph { get; }

    /// <summary>The graph's place in the model, for ops that call it.</summary>
    public int GraphIndex => graphIndex;

    /// <summary>Adds an input of the graph; returns its value index.</summary>
    public int Input(string name, DType type, Shape shape, Quantization? quant = null)
    {
        int index = Add(new Value { Name = name, DType = type, Shape = shape, Quant = quant });
        Graph.Inputs.Add(index);
        return index;
    }

    /// <summary>Adds a constant; returns its value index.</summary>
    public int Constant<T>(
        string name, Shape shape, ReadOnlySpan<T> values, Quantization? quant = null)
        where T : unmanaged => Constant(
            name, DTypes.Of<T>(), shape, Tensors.Constant.Copy(values), quant);

    /// <summary>Adds a constant; returns its value index.</summary>
    public int Constant(
        string name, DType type, Shape shape, Constant bytes, Quantization? quant = null)
    {
        var value = new Value
        {
            Name = name, DType = type, Shape = shape, Quant = quant, Constant = bytes,
        };
        if (bytes.Bytes < value.Bytes)
        {
            throw new ArgumentException(
                $"constant '{name}' of {type} {shape} takes {value.Bytes} bytes, {bytes.Bytes} "
                    + "are given");
        }

        return Add(value);
    }

    /// <summary>Adds a variable to the model; returns its id.</summary>
    public int Variable(
        string name, DType type, Shape shape, Quantization? quant = null, Constant? initial = null)
    {
        Model.Variables.Add(new Variable(name, type, shape, quant, initial));
        return Model.Variables.Count - 1;
    }

    /// <summary>Adds a node with one output; returns the output's value index.</summary>
    public int Node(Op op, string name, ReadOnlySpan<int> inputs, Quantization? quant = null) =>
        Node(op, name, inputs, [name], [quant])[0];

    /// <summary>Adds a node with any number of outputs; returns their value indices.</summary>
    /// <exception cref="InvalidModelException">The op does not take these inputs.</exception>
    public int[] Node(
        Op op, string name, ReadOnlySpan<int> inputs, string[] outputNames, Quantization?[] quants)
    {
        int firstOutput = Graph.Values.Count;
        int[] outputs = new int[outputNames.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Add(new Value { Name = outputNames[i], Quant = quants[i] });
        }

        Graph.Nodes.Add(new Node(name, op, inputs.ToArray(), outputs));
        try
        {
            Inference.Run(Model, graphIndex, Graph.Nodes.Count - 1, written: null);
        }
        catch
        {
            Graph.Nodes.RemoveAt(Graph.Nodes.Count - 1);
            Graph.Values.RemoveRange(firstOutput, outputs.Length);
            throw;
        }

        return outputs;
    }

    /// <summary>Makes a value an output of the graph.</summary>
    public void Output(int value) => Graph.Outputs.Add(value);

    /// <summary>What is known of a value: type, shape, quantization.</summary>
    public Value this[int value] => Graph.Values[value];

    int Add(Value value)
    {
        Graph.Values.Add(value);
        return Graph.Values.Count - 1;
    }
}
