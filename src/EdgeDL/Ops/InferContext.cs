using System.Diagnostics.CodeAnalysis;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What an op sees of one input while shapes are inferred.</summary>
public readonly struct InferInput
{
    readonly Value value;

    internal InferInput(Value value) => this.value = value;

    public string Name => value.Name;

    public DType DType => value.DType;

    public Shape Shape => value.Shape;

    /// <summary>Null for plain numbers.</summary>
    public Quantization? Quant => value.Quant;

    /// <summary>True if the bytes are known now.</summary>
    public bool IsConstant => value.Constant is not null;

    /// <summary>
    /// The elements of a constant. Check <see cref="IsConstant"/> and the type first.
    /// </summary>
    public ReadOnlySpan<T> Constant<T>() where T : unmanaged =>
        value.Constant is { } constant ? constant.As<T>()[..value.Shape.Elements] : default;
}

/// <summary>What one node needs and allows, as its op declared it during inference.</summary>
public sealed class NodeNotes
{
    /// <summary>For each output: the input whose memory it may take, or −1.</summary>
    public required int[] InPlace { get; init; }

    /// <summary>For each output: the input whose bytes it is, or −1.</summary>
    public required int[] View { get; init; }

    /// <summary>Bytes needed only while the node runs.</summary>
    public long ScratchBytes { get; internal set; }

    /// <summary>Multiply-accumulates of one run.</summary>
    public long Macs { get; internal set; }

    /// <summary>
    /// The graphs that the node calls, once for each call; they share its scratch.
    /// </summary>
    public List<int> Calls { get; } = [];

    /// <summary>How often one run of the node runs each of them, as far as the graph
    /// says.</summary>
    public long Runs { get; internal set; } = 1;
}

/// <summary>
/// An op's view of its node while shapes are inferred and everything is proven. The same code
/// runs when a graph is built and when a file is loaded; then outputs must be as the file says.
/// </summary>
public sealed class InferContext
{
    readonly Model model;
    readonly Graph graph;
    readonly int graphIndex;
    readonly Node node;
    readonly int nodeIndex;

    internal InferContext(Model model, int graphIndex, int nodeIndex)
    {
        this.model = model;
        this.graphIndex = graphIndex;
        graph = model.Graphs[graphIndex];
        node = graph.Nodes[nodeIndex];
        this.nodeIndex = nodeIndex;
        int[] none = new int[node.Outputs.Length];
        Array.Fill(none, -1);
        Notes = new NodeNotes { InPlace = none, View = (int[])none.Clone() };
    }

    internal NodeNotes Notes { get; }

    public int InputCount => node.Inputs.Length;

    public int OutputCount => node.Outputs.Length;

    /// <summary>Throws unless the node has exactly so many inputs and outputs.</summary>
    public void Arity(int inputs, int outputs) => Arity(inputs, inputs, outputs);

    /// <summary>Throws unless the node has so many inputs and outputs; the first
    /// <paramref name="minInputs"/> inputs must be present.</summary>
    public void Arity(int minInputs, int maxInputs, int outputs)
    {
        if (InputCount < minInputs || InputCount > maxInputs || OutputCount != outputs)
        {
            Fail($"has {InputCount} inputs and {OutputCount} outputs, takes "
                + (minInputs == maxInputs ? $"{minInputs}" : $"{minInputs} to {maxInputs}")
                + $" and {outputs}");
        }

        for (int i = 0; i < minInputs; i++)
        {
            if (!HasInput(i))
            {
                Fail($"input {i} is required");
            }
        }
    }

    /// <summary>True if input <paramref name="i"/> exists and is not left out.</summary>
    public bool HasInput(int i) => i < InputCount && node.Inputs[i] >= 0;

    /// <summary>Input <paramref name="i"/>, which must be present.</summary>
    public InferInput Input(int i)
    {
        if (!HasInput(i))
        {
            Fail($"input {i} is required");
        }

        return new InferInput(graph.Values[node.Inputs[i]]);
    }

    /// <summary>The quantization that the model gives output <paramref name="i"/>.</summary>
    public Quantization? OutputQuant(int i) => graph.Values[node.Outputs[i]].Quant;

    /// <summary>Says what comes out; throws if the model says something else.</summary>
    public void SetOutput(int i, DType type, in Shape shape)
    {
        Value value = graph.Values[node.Outputs[i]];
        if (value.Constant is not null)
        {
            Fail($"writes '{value.Name}', which is a constant");
        }

        if (value.DType == DType.None)
        {
            value.DType = type;
            value.Shape = shape;
        }
        else if (value.DType != type || value.Shape != shape)
        {
            Fail($"output {i} '{value.Name}' is {value.DType} {value.Shape} in the model, "
                + $"but the op gives {type} {shape}");
        }
    }

    /// <summary>
    /// Bytes needed only while the node runs; independent of CPU and thread count.
    /// </summary>
    public void Scratch(long bytes)
    {
        if (bytes < 0 || bytes > int.MaxValue)
        {
            Fail($"would need {bytes} bytes of scratch");
        }

        Notes.ScratchBytes = Math.Max(Notes.ScratchBytes, bytes);
    }

    /// <summary>
    /// Output may take the memory of input: element i is read before, or as, element i is
    /// written, and no other input is read at another place. Sizes in bytes must be equal.
    /// </summary>
    public void InPlace(int output, int input) => Notes.InPlace[output] = input;

    /// <summary>The output is the input's bytes under another shape or type.</summary>
    public void View(int output, int input) => Notes.View[output] = input;

    /// <summary>Multiply-accumulates of one run, for reports.</summary>
    public void Macs(long count) => Notes.Macs = count;

    /// <summary>The variable that an attribute names.</summary>
    public Variable Variable(int id)
    {
        if ((uint)id >= (uint)model.Variables.Count)
        {
            Fail($"variable {id} is not one of the model's {model.Variables.Count}");
        }

        return model.Variables[id];
    }

    /// <summary>A graph that this node calls; it stands after the node's own.</summary>
    public Graph Subgraph(int index)
    {
        if (index <= graphIndex || index >= model.Graphs.Count)
        {
            Fail($"calls graph {index}, but only graphs {graphIndex + 1} to "
                + $"{model.Graphs.Count - 1} "
                + "may be called from here");
        }

        Notes.Calls.Add(index);
        return model.Graphs[index];
    }

    /// <summary>How often one run of the node runs the graphs it calls, for reports.</summary>
    public void Runs(long count) => Notes.Runs = count;

    /// <summary>Rejects the model, naming this node.</summary>
    [DoesNotReturn]
    public void Fail(string finding) => InvalidModelException.Throw(
        $"graph '{graph.Name}' node {nodeIndex} '{node.Name}' ({node.Op.OpCode})", finding);
}
