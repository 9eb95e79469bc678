using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Detect;

/// <summary>Adds nodes behind the outputs of a finished model.</summary>
sealed class GraphAppend(Model model)
{
    readonly GraphBuilder builder = GraphBuilder.Extend(model);

    public Graph Graph => builder.Graph;

    public Value this[int value] => Graph.Values[value];

    /// <summary>The output of this name; the model is refused if it has none.</summary>
    public int Find(string name, string detector)
    {
        int found = Graph.Outputs.FindIndex(o => Graph.Values[o].Name == name);
        return found >= 0 ? Graph.Outputs[found] : throw Refuse(detector,
            $"it has no output '{name}'");
    }

    public static InvalidModelException Refuse(string detector, string finding) =>
        new("model", $"it is no {detector}: {finding}", "name the detector that the model is");

    public int Node(Op op, string name, params ReadOnlySpan<int> inputs) =>
        builder.Node(op, name, inputs);

    public int[] Many(Op op, string name, int outputs, params ReadOnlySpan<int> inputs) =>
        builder.Node(op, name, inputs,
            [.. Enumerable.Range(0, outputs).Select(o => $"{name}:{o}")],
            new Quantization?[outputs]);

    public int Number(string name, float number) => Constant(name, Shape.Scalar, [number]);

    public int Numbers(string name, float[] numbers) =>
        Constant(name, new Shape(numbers.Length), numbers);

    public int Constant(string name, Shape shape, float[] numbers) =>
        builder.Constant<float>(name, shape, numbers);

    public int Reshaped(int value, params int[] dims) =>
        Node(new Reshape(dims), this[value].Name, value);

    /// <summary>The rows of a value that indices name.</summary>
    public int Taken(int value, int indices) =>
        Node(new Gather(0, 0), $"kept {this[value].Name}", value, indices);

    /// <summary>Columns [begin, begin + size) of a value of rank 2.</summary>
    public int Columns(int value, int begin, int size, string name) =>
        Node(new Slice([0, begin], [this[value].Shape[0], size]), name, value);

    public void ClearOutputs() => Graph.Outputs.Clear();

    public void Output(string name, int value, params int[] dims) =>
        builder.Output(Node(new Reshape(dims), name, value));
}
