using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>The import of one file: its main graph, and what all graphs share.</summary>
sealed class ModelImport(OnnxFile file, ImportOptions options)
{
    // Bodies and functions are copied in: a small file must not unroll into millions of nodes.
    const int AlwaysNodes = 1 << 14;
    const int GrowthFactor = 4;

    readonly int most = AlwaysNodes + (GrowthFactor * file.Graph.Node.Count);
    int nodes;
    OpenDimensions? dimensions;

    public OnnxFile File => file;

    public Model Model { get; } = new();

    public ConstantBudget Budget { get; } = new(file.Bytes);

    public ImportOptions Options => options;

    public Action<string>? Log => options.Log;

    /// <summary>Counts a node; throws when there are too many.</summary>
    public void CountNode(string place)
    {
        if (++nodes > most)
        {
            throw Reject.Unsupported(place, $"the model unrolls into more than {most} nodes",
                "export it with smaller loops");
        }
    }

    public void Run()
    {
        GraphProto main = file.Graph;
        string name = main.Name.Length > 0 ? main.Name : "main";
        var scope = new Scope(outer: null, prefix: "");
        var graph = new GraphImport(this, new GraphBuilder(Model, name), file.Opsets);
        graph.DefineConstants(scope, main);
        ValueInfoProto[] inputs = [.. main.Input.Where(i => !scope.HasInitializer(i.Name))];
        dimensions = new OpenDimensions(inputs, options);
        foreach (ValueInfoProto input in inputs)
        {
            scope.Define(input.Name, Input(graph, input));
        }

        graph.Nodes(main.Node, scope);
        foreach (ValueInfoProto output in main.Output)
        {
            Output(graph, scope, output);
        }

        graph.DropFixedInputs();
    }

    Operand Input(GraphImport graph, ValueInfoProto input) => input.Type?.ValueCase switch
    {
        TypeProto.ValueOneofCase.SequenceType =>
            List(graph, input.Name, input.Type.SequenceType.ElemType),
        TypeProto.ValueOneofCase.OptionalType =>
            Optional(graph, input.Name, input.Type.OptionalType.ElemType),
        TypeProto.ValueOneofCase.TensorType =>
            Tensor(graph, input.Name, input.Type.TensorType),
        _ => throw Reject.Unsupported($"input '{input.Name}'", "it is no tensor",
            "export the model with tensors as inputs"),
    };

    // A list's items are inputs of their own: as many as the user gives shapes for, none for "x[]".
    SequenceOperand List(GraphImport graph, string name, TypeProto? item)
    {
        var items = new List<Operand>();
        while (item?.TensorType is { } tensor
            && options.InputShapes.ContainsKey($"{name}[{items.Count}]"))
        {
            items.Add(Tensor(graph, $"{name}[{items.Count}]", tensor));
        }

        return items.Count > 0 || options.InputShapes.ContainsKey($"{name}[]")
            ? new SequenceOperand(items)
            : throw Reject.Unsupported($"input '{name}'", "it is a list of unknown length",
                $"give a shape for each item: --input-shape '{name}[0]=2x3'");
    }

    // There if the user gives a shape for it.
    OptionalOperand Optional(GraphImport graph, string name, TypeProto? item) => new(
        item?.SequenceType is { } list && options.InputShapes.ContainsKey($"{name}[0]")
            ? List(graph, name, list.ElemType)
            : item?.TensorType is { } tensor && options.InputShapes.ContainsKey(name)
                ? Tensor(graph, name, tensor)
                : null);

    TensorOperand Tensor(GraphImport graph, string name, TypeProto.Types.Tensor type)
    {
        string place = $"input '{name}'";
        DType stored = ElementTypes.Stored((DataType)type.ElemType);
        if (stored == DType.None)
        {
            throw Reject.Unsupported(place,
                $"its element type is {TensorData.NameOf(type.ElemType)}",
                "convert it to float, an integer or bool before the export");
        }

        int value = graph.Builder.Input(name, stored, InputShape(name, type, place));
        if (options.InputValues.TryGetValue(name, out ReadOnlyMemory<byte> bytes))
        {
            graph.Known.Offer(value, bytes, place);
        }
        else if (options.InputNumbers.TryGetValue(name, out double[]? numbers))
        {
            graph.Known.Offer(
                value, numbers.SelectMany(v => Numbers.Bytes(v, stored)).ToArray(), place);
        }

        return new TensorOperand(graph.ToComputed(value, name), stored);
    }

    Shape InputShape(string name, TypeProto.Types.Tensor type, string place)
    {
        if (options.InputShapes.TryGetValue(name, out int[]? given))
        {
            return Shape.Problem(given) is { } problem
                ? throw Reject.Model(place, problem)
                : new Shape(given);
        }

        if (type.Shape is null)
        {
            throw Reject.Unsupported(place, "the file does not say its shape",
                $"give it: --input-shape {name}=1x3x224x224");
        }

        return dimensions!.ShapeOf(type.Shape, place);
    }

    static void Output(GraphImport graph, Scope scope, ValueInfoProto output)
    {
        string place = $"output '{output.Name}'";
        Operand? operand = graph.Find(scope, output.Name);
        while (operand is OptionalOperand { Item: { } item })
        {
            operand = item;
        }

        switch (operand)
        {
            case TensorOperand tensor:
                TensorOutput(graph, output, tensor);
                break;
            case SequenceOperand list:
                for (int i = 0; i < list.Items.Count; i++)
                {
                    if (list.Items[i] is TensorOperand item)
                    {
                        graph.AddOutput($"{output.Name}[{i}]", item.Value, item.Stored);
                    }
                }

                break;
            default:
                throw Reject.Model(place, "no node computes it");
        }
    }

    static void TensorOutput(GraphImport graph, ValueInfoProto output, TensorOperand tensor)
    {
        DType declared = output.Type?.TensorType is { } type
            ? ElementTypes.Stored((DataType)type.ElemType)
            : DType.None;
        graph.AddOutput(
            output.Name, tensor.Value, declared == DType.None ? tensor.Stored : declared);
    }
}
