using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>
/// What an import function sees of its operator: options, operands with their final types and
/// shapes, and the ways to add nodes. Shapes are those inferred from the model's inputs; the
/// file's own count for nothing, since they may be open or wrong.
/// </summary>
sealed class NodeImport
{
    readonly SubgraphImport graph;
    readonly TfliteOperator op;

    public NodeImport(SubgraphImport graph, TfliteOperator op)
    {
        this.graph = graph;
        this.op = op;
        Name = op.Outputs.Length > 0 ? graph.Source.Tensors[op.Outputs[0]].Name : op.OpName;
    }

    /// <summary>The name of the first output, or of the op if it has none.</summary>
    public string Name { get; }

    public TfliteOperator Operator => op;

    public SubgraphImport Graph => graph;

    public int InputCount => op.Inputs.Length;

    public int OutputCount => op.Outputs.Length;

    /// <summary>
    /// The option table of one kind; its fields read as defaults if it is absent.
    /// </summary>
    public FlatTable Options(OptionsKind kind) => op.Options(kind);

    /// <summary>The options of a custom operator.</summary>
    public FlexMap CustomOptions() => new(op.CustomOptions, $"{op.OpName} '{Name}'");

    /// <summary>True if input <paramref name="i"/> exists and is not left out.</summary>
    public bool Has(int i) => i < op.Inputs.Length && op.Inputs[i] >= 0;

    /// <summary>Our value index of input <paramref name="i"/>, or −1 if it is left out.</summary>
    public int Input(int i) =>
        Has(i) ? graph.ValueOf(op.Inputs[i], $"{op.OpName} '{Name}'") : -1;

    /// <summary>Our value indices of all inputs; −1 where one is left out.</summary>
    public int[] Inputs() => [.. Enumerable.Range(0, InputCount).Select(Input)];

    /// <summary>Type, shape and quantization of an input that must be there.</summary>
    public Value In(int i) => Has(i)
        ? graph.Builder[Input(i)]
        : throw Fail($"input {i} is required, the operator has {InputCount}");

    public Shape ShapeOf(int i) => In(i).Shape;

    /// <summary>The tensor of the file behind an input; null if it is left out.</summary>
    public TfliteTensor? InTensor(int i) => Has(i) ? graph.Source.Tensors[op.Inputs[i]] : null;

    /// <summary>
    /// The tensor of the file behind an output: its declared type and quantization.
    /// </summary>
    public TfliteTensor OutTensor(int o) => o < op.Outputs.Length
        ? graph.Source.Tensors[op.Outputs[o]]
        : throw Fail($"output {o} is required, the operator has {OutputCount}");

    /// <summary>The tensor of the file behind an internal tensor; null if there is none.</summary>
    public TfliteTensor? Intermediate(int i) =>
        i < op.Intermediates.Length && op.Intermediates[i] >= 0
        ? graph.Source.Tensors[op.Intermediates[i]]
        : null;

    public Quantization? OutQuant(int o) => graph.QuantOf(OutTensor(o));

    /// <summary>The declared type of an output.</summary>
    public DType OutType(int o) => SubgraphImport.TypeOf(OutTensor(o));

    /// <summary>The whole numbers of an input that must be constant; flattened.</summary>
    public int[] Ints(int i, string what)
    {
        Value value = In(i);
        if (value.Constant is null)
        {
            throw Reject.Unsupported($"{op.OpName} '{Name}'",
                $"its {what} ('{value.Name}') is computed while the model runs",
                "export the model with a fixed one, or with fixed input shapes");
        }

        ReadOnlySpan<byte> bytes = value.Constant.Span[..(int)value.Bytes];
        return ConstantData.Ints(value.DType, bytes)
            ?? throw Fail($"its {what} holds {value.DType}, not whole numbers");
    }

    /// <summary>One whole number, from an input that must be constant.</summary>
    public int Int(int i, string what)
    {
        int[] values = Ints(i, what);
        return values.Length == 1
            ? values[0]
            : throw Fail($"its {what} has {values.Length} numbers, one is needed");
    }

    /// <summary>The numbers of a float input that must be constant.</summary>
    public float[] Floats(int i, string what)
    {
        Value value = In(i);
        return value.Constant is { } constant && value.DType == DType.Float32
            ? constant.As<float>()[..value.Shape.Elements].ToArray()
            : throw Fail($"its {what} ('{value.Name}') must be constant floats");
    }

    /// <summary>An axis in [0, rank); negative ones count from the end.</summary>
    public int Axis(int axis, int rank)
    {
        int positive = axis < 0 ? axis + rank : axis;
        return positive >= 0 && positive < rank
            ? positive
            : throw Fail($"axis {axis} is not one of {rank}");
    }

    /// <summary>A node that takes all inputs and gives all outputs.</summary>
    public void Emit(Op node) => Emit(node, Inputs());

    /// <summary>A node that takes these values and gives all outputs.</summary>
    public void Emit(Op node, params ReadOnlySpan<int> inputs) =>
        EmitSome(node, [.. Enumerable.Range(0, OutputCount)], inputs);

    /// <summary>A node that takes these values and gives some of the outputs.</summary>
    public void EmitSome(Op node, int[] outputs, params ReadOnlySpan<int> inputs)
    {
        TfliteTensor[] tensors = [.. outputs.Select(OutTensor)];
        int[] values = graph.Add(node, Name, inputs,
            [.. tensors.Select(t => t.Name)], [.. tensors.Select(graph.QuantOf)]);
        for (int o = 0; o < values.Length; o++)
        {
            SetOutput(outputs[o], values[o]);
        }
    }

    /// <summary>
    /// A node with a fused activation of the file. Clamps go into the op; TANH and SIGN_BIT
    /// become nodes of their own.
    /// </summary>
    public void Emit(Func<Activation, Op> make, int activation, params ReadOnlySpan<int> inputs)
    {
        if (activation is >= 0 and < Activations.Count)
        {
            Emit(make((Activation)activation), inputs);
            return;
        }

        EmitThen(make(Activation.None), activation, inputs);
    }

    /// <summary>A node whose fused activation, if any, becomes a node of its own.</summary>
    public void EmitThen(Op node, int activation, params ReadOnlySpan<int> inputs)
    {
        if (activation == 0)
        {
            Emit(node, inputs);
            return;
        }

        int linear = Add(node, "linear", OutQuant(0), inputs);
        ElementwiseImports.Activate(this, activation, linear);
    }

    /// <summary>A node inside the operator's meaning, with one output.</summary>
    public int Add(Op node, string suffix, Quantization? quant, params ReadOnlySpan<int> inputs)
    {
        string name = $"{Name}/{suffix}";
        return graph.Add(node, name, inputs, [name], [quant])[0];
    }

    /// <summary>A constant that the operator implies.</summary>
    public int Constant<T>(string suffix, Shape shape, ReadOnlySpan<T> values) where T
        : unmanaged =>
        graph.Builder.Constant($"{Name}/{suffix}", shape, values);

    /// <summary>Says that an output is this value, without a node.</summary>
    public void SetOutput(int o, int value)
    {
        OutTensor(o);
        graph.SetValue(op.Outputs[o], value);
    }

    /// <summary>The model says something that its op does not allow.</summary>
    public InvalidModelException Fail(string finding) =>
        Reject.Model($"{op.OpName} '{Name}'", finding);

    /// <summary>The model asks for a form of the op that EdgeDL does not have.</summary>
    public InvalidModelException Unsupported(string finding, string remedy) =>
        Reject.Unsupported($"{op.OpName} '{Name}'", finding, remedy);
}
