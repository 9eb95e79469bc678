using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Convert.Passes;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>
/// The import of nodes into one of our graphs. Functions, and bodies that run a known number of
/// times, are copied into the graph that uses them.
/// </summary>
sealed class GraphImport
{
    readonly ModelImport model;
    readonly GraphBuilder builder;
    readonly Dictionary<int, int> plain = [];
    readonly Dictionary<int, int> quantized = [];

    public GraphImport(ModelImport model, GraphBuilder builder, Opsets opsets)
    {
        this.model = model;
        this.builder = builder;
        Opsets = opsets;
        Known = new KnownValues(builder, model.Budget, model.Log);
    }

    public ModelImport Model => model;

    public GraphBuilder Builder => builder;

    /// <summary>The operator sets of the nodes being imported.</summary>
    public Opsets Opsets { get; private set; }

    /// <summary>Quantized uint8 values that are there as int8 too.</summary>
    public Dictionary<int, int> SignedTwins { get; } = [];

    /// <summary>What is known of the values without running the model.</summary>
    public KnownValues Known { get; }

    /// <summary>Takes up the constants of a graph of the file.</summary>
    public void DefineConstants(Scope scope, GraphProto graph)
    {
        foreach (TensorProto constant in graph.Initializer)
        {
            scope.Define(constant);
        }

        foreach (SparseTensorProto sparse in graph.SparseInitializer)
        {
            string name = sparse.Values?.Name ?? "";
            TensorData dense = SparseData.Read(
                sparse, $"constant '{name}'", model.File.External, model.Budget);
            scope.Define(name, Constant(name, dense));
        }
    }

    /// <summary>Imports nodes, each after those that feed it.</summary>
    public void Nodes(IReadOnlyList<NodeProto> nodes, Scope scope, AttributeSet? call = null)
    {
        foreach (NodeProto node in NodeOrder.Sort(nodes))
        {
            var import = new NodeImport(this, node, scope, call);
            model.CountNode(import.Place);
            try
            {
                Import(import, node);
            }
            catch (InvalidModelException e) when (e.Place.StartsWith(OwnPlace))
            {
                // Refused by our op: the user knows the file's node, not ours.
                throw Reject.Model($"{import.Place} (opset {import.Opset})", e.Finding);
            }
        }
    }

    string OwnPlace => $"graph '{builder.Graph.Name}'";

    void Import(NodeImport import, NodeProto node)
    {
        if (OnnxTable.All.Find(node) is { } function)
        {
            function(import);
        }
        else
        {
            Call(import, node);
        }
    }

    void Call(NodeImport import, NodeProto node)
    {
        FunctionProto function =
            model.File.Functions[(Opsets.Normal(node.Domain), node.OpType)];
        var scope = new Scope(outer: null, $"{import.Name}/");
        if (function.Input.Count < node.Input.Count || function.Output.Count < node.Output.Count)
        {
            throw import.Fail($"the function takes {function.Input.Count} inputs and gives "
                + $"{function.Output.Count} outputs, the node has {node.Input.Count} and "
                + $"{node.Output.Count}");
        }

        for (int i = 0; i < function.Input.Count; i++)
        {
            scope.Define(
                function.Input[i], import.Has(i) ? import.Operand(i) : new OptionalOperand(null));
        }

        Opsets outer = Opsets;
        Opsets = new Opsets(function.OpsetImport, $"function '{function.Name}'");
        Nodes(function.Node, scope, import.Attributes.Defaulted(function));
        Opsets = outer;
        for (int o = 0; o < node.Output.Count; o++)
        {
            if (node.Output[o].Length > 0)
            {
                import.SetOutput(o, Find(scope, function.Output[o])
                    ?? throw import.Fail($"the function does not give '{function.Output[o]}'"));
            }
        }
    }

    /// <summary>What a name stands for; null if nothing has it.</summary>
    public Operand? Find(Scope scope, string name) => scope.Find(name, initializer => Constant(
        initializer.Name,
        TensorData.Read(initializer, $"constant '{initializer.Name}'", model.File.External)));

    /// <summary>A constant of the file as a value.</summary>
    public TensorOperand Constant(string name, TensorData data)
    {
        byte[] bytes = data.Computed();
        if (!model.Budget.TryTake(bytes.Length))
        {
            throw Reject.Unsupported($"constant '{name}'", "the model's constants grow too large",
                "export it so that tensors of equal values are one tensor");
        }

        int value = builder.Constant(name, ElementTypes.Computed(data.Stored), data.Shape,
            Tensors.Constant.Copy<byte>(bytes));
        return new TensorOperand(value, data.Stored);
    }

    /// <summary>
    /// Adds a node; one whose inputs are all constant is computed on the spot. Dequantized weights
    /// stay in sight: passes put the ops that read them on integers.
    /// </summary>
    public int[] Add(Op op, string name, ReadOnlySpan<int> inputs, string[] outputs,
        Quantization?[]? quants = null)
    {
        int[] added = builder.Node(op, name, inputs, outputs,
            quants ?? new Quantization?[outputs.Length]);
        Node node = builder.Graph.Nodes[^1];
        if (op is not Dequantize
            && ConstantEvaluator.TryFold(builder.Graph, node, model.Budget))
        {
            builder.Graph.Nodes.RemoveAt(builder.Graph.Nodes.Count - 1);
        }
        else
        {
            Known.Made(node);
        }

        return added;
    }

    /// <summary>True for constants, and for dequantized ones in any order of their axes.</summary>
    public bool IsConstant(int value)
    {
        while (Known.Maker(value) is { Op: Dequantize or Transpose or Reshape } maker)
        {
            value = maker.Inputs[0];
        }

        return builder[value].Constant is not null;
    }

    /// <summary>The value without its quantization; the bytes are the same.</summary>
    public int Plain(int value)
    {
        if (builder[value].Quant is null)
        {
            return value;
        }

        if (!plain.TryGetValue(value, out int found))
        {
            string name = $"{builder[value].Name}/plain";
            found = Add(new Bitcast(builder[value].DType), name, [value], [name])[0];
            plain[value] = found;
            quantized[found] = value;
        }

        return found;
    }

    /// <summary>The value with a quantization; the bytes are the same.</summary>
    public int Quantized(int value, Quantization quant)
    {
        Value from = builder[value];
        if (Quantization.Same(from.Quant, quant))
        {
            return value;
        }

        if (quantized.TryGetValue(value, out int origin)
            && Quantization.Same(builder[origin].Quant, quant))
        {
            return origin;
        }

        string name = $"{from.Name}/quantized";
        return from.Constant is { } constant
            ? builder.Constant(name, from.DType, from.Shape, constant, quant)
            : Add(new Bitcast(from.DType), name, [value], [name], [quant])[0];
    }

    /// <summary>A float of another width as Float32; other values as they are.</summary>
    public int ToComputed(int value, string name)
    {
        DType type = builder[value].DType;
        return type.IsFloat() && type != DType.Float32
            ? Add(new Cast(DType.Float32), name, [value], [name])[0]
            : value;
    }

    /// <summary>Makes a value an output, in the type that the file gives it.</summary>
    public void AddOutput(string name, int value, DType declared)
    {
        if (builder[value].DType != declared && builder[value].DType.IsFloat()
            && declared.IsFloat())
        {
            value = Add(new Cast(declared), name, [value], [name])[0];
        }

        // An input, or a value that already is an output, keeps its name: this one is a copy.
        if (builder.Graph.Inputs.Contains(value) || builder.Graph.Outputs.Contains(value))
        {
            Quantization? quant = builder[value].Quant;
            value = builder.Node(new Identity(), name, [value], quant);
        }

        builder.Output(value);
        builder[value].Name = name;
    }

    /// <summary>
    /// Takes out inputs whose values are fixed now and that nothing reads any more.
    /// </summary>
    public void DropFixedInputs()
    {
        foreach (int input in Known.Fixed)
        {
            bool isRead = builder.Graph.Nodes.Any(n => n.Inputs.Contains(input))
                || builder.Graph.Outputs.Contains(input);
            if (!isRead)
            {
                builder.Graph.Inputs.Remove(input);
            }
        }
    }
}
