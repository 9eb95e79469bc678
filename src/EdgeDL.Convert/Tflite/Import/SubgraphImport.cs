using EdgeDL.Convert.Passes;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>
/// The import of one subgraph, operator by operator. Constants become values when something
/// first reads them, so operands that end as attributes leave nothing behind.
/// </summary>
sealed class SubgraphImport
{
    const int None = -1;

    readonly ModelImport model;
    readonly TfliteSubgraph source;
    readonly GraphBuilder builder;
    readonly int[] values;

    public SubgraphImport(
        ModelImport model, TfliteSubgraph source, GraphBuilder builder, bool isInit)
    {
        IsInit = isInit;
        this.model = model;
        this.source = source;
        this.builder = builder;
        values = new int[source.Tensors.Length];
        Array.Fill(values, None);
    }

    public ModelImport Model => model;

    public GraphBuilder Builder => builder;

    public TfliteSubgraph Source => source;

    /// <summary>True in a graph that runs once, to give variables their first values.</summary>
    public bool IsInit { get; }

    /// <summary>Variables by the resource tensor that names them.</summary>
    public Dictionary<int, string> Resources { get; } = [];

    public void Run(ReadOnlySpan<CallInput> inputs)
    {
        if (inputs.Length != source.Inputs.Length)
        {
            throw Reject.Model($"subgraph '{source.Name}'",
                $"it has {source.Inputs.Length} inputs and is called with {inputs.Length}");
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            int tensor = source.Inputs[i];
            TfliteTensor t = source.Tensors[tensor];
            if (inputs[i].Resource is { } key)
            {
                Resources[tensor] = key;
            }
            else if (values[tensor] == None)
            {
                values[tensor] = builder.Input(
                    t.Name, TypeOf(t), inputs[i].Shape, QuantOf(t));
            }
            else
            {
                throw Reject.Model($"tensor '{t.Name}'", "it is an input twice");
            }
        }

        foreach (TfliteOperator op in source.Operators)
        {
            ImportTable.All.Find(op)!(new NodeImport(this, op));
        }

        foreach (int output in source.Outputs)
        {
            if (Resources.ContainsKey(output))
            {
                continue;
            }

            int value = ValueOf(output, "the graph's outputs");
            builder.Output(value);
            if (!builder.Graph.Inputs.Contains(value) && builder[value].Constant is null)
            {
                builder[value].Name = source.Tensors[output].Name;
            }
        }
    }

    /// <summary>Our value for a tensor: what an operator wrote, an input, or a constant.</summary>
    public int ValueOf(int tensor, string reader)
    {
        if (values[tensor] != None)
        {
            return values[tensor];
        }

        TfliteTensor t = source.Tensors[tensor];
        DType type = TypeOf(t);
        Shape shape = ShapeOf(t.Name, t.Dims);
        if (t.Data.Length == 0 && shape.Elements > 0)
        {
            throw Reject.Model($"tensor '{t.Name}'",
                $"{reader} reads it, but it is no constant and nothing wrote it before");
        }

        (type, byte[]? dense) = ConstantData.Unpack(t, shape);
        ReadOnlySpan<byte> bytes = dense ?? t.Data.Span;
        if (bytes.Length < type.Bytes(shape.Elements))
        {
            throw Reject.Model($"constant '{t.Name}'", $"{t.Type} {shape} takes "
                + $"{type.Bytes(shape.Elements)} bytes, its buffer has {bytes.Length}");
        }

        bytes = bytes[..(int)type.Bytes(shape.Elements)];
        if (!model.Budget.TryTake(bytes.Length))
        {
            throw Reject.Unsupported($"constant '{t.Name}'",
                "the model's tensors name the same bytes again and again",
                "export it so that tensors of equal values are one tensor");
        }

        return values[tensor] = builder.Constant(
            t.Name, type, shape, Constant.Copy(bytes), QuantOf(t));
    }

    /// <summary>Says which of our values a tensor is from here on.</summary>
    public void SetValue(int tensor, int value)
    {
        TfliteTensor t = source.Tensors[tensor];
        if (values[tensor] != None || t.Data.Length > 0)
        {
            throw Reject.Model($"tensor '{t.Name}'", "two operators write it, or it is a constant");
        }

        values[tensor] = value;
    }

    /// <summary>Adds a node; one whose inputs are all constant is computed on the spot.</summary>
    public int[] Add(
        Op op, string name, ReadOnlySpan<int> inputs, string[] outputs, Quantization?[] quants)
    {
        int[] added = builder.Node(op, name, inputs, outputs, quants);
        Node node = builder.Graph.Nodes[^1];
        if (ConstantEvaluator.TryFold(builder.Graph, node, model.Budget))
        {
            builder.Graph.Nodes.RemoveAt(builder.Graph.Nodes.Count - 1);
        }

        return added;
    }

    /// <summary>Our element type; types without one are refused.</summary>
    public static DType TypeOf(TfliteTensor t) => t.DType != DType.None
        ? t.DType
        : t.Type is TensorType.INT2 ? DType.Int8 : t.Type is TensorType.UINT4 ? DType.UInt8
        : throw Reject.Unsupported(
            $"tensor '{t.Name}'", $"its element type is {t.Type}",
            "export the model without it");

    public static Shape ShapeOf(string name, ReadOnlySpan<int> dims) =>
        Shape.Problem(dims) is { } problem
            ? throw Reject.Model($"tensor '{name}'", problem)
            : new Shape(dims);

    /// <summary>
    /// Our quantization; floats and truth values have none, whatever the file says.
    /// </summary>
    public Quantization? QuantOf(TfliteTensor t)
    {
        if (t.Quantization is not { } q || t.DType.IsFloat() || t.DType == DType.Bool)
        {
            return null;
        }

        if (q.Blocks is { } blocks)
        {
            return BlockQuant(t, blocks);
        }

        if (q.Scales.Length == 0)
        {
            return null;
        }

        // Some exporters give a bias the axis of its weights; it has but one.
        int axis = q.Scales.Length == 1 ? -1 : t.Dims.Length == 1 ? 0 : q.Axis;
        int[] zeroPoints = q.ZeroPoints.Length == 0
            ? [0]
            : [.. q.ZeroPoints.Select(z => (int)Math.Clamp(z, int.MinValue, int.MaxValue))];
        bool fits = q.Scales.Length == 1
            || (axis >= 0 && axis < t.Dims.Length && q.Scales.Length == t.Dims[axis]);
        string? problem = fits
            ? Quantization.Problem(q.Scales, zeroPoints, axis, blockSize: 0)
            : $"{q.Scales.Length} scales run along axis {axis} of [{string.Join("x", t.Dims)}]";
        return problem is null
            ? new Quantization(q.Scales, zeroPoints, axis)
            : throw Reject.Model($"quantization of '{t.Name}'", problem);
    }

    Quantization BlockQuant(TfliteTensor t, TfliteBlocks blocks)
    {
        string place = $"block quantization of '{t.Name}'";
        float[] scales = ConstantData.Floats(Tensor(blocks.ScalesTensor, place), place);
        int[] zeroPoints = blocks.ZeroPointsTensor < 0
            ? [0]
            : ConstantData.Ints(Tensor(blocks.ZeroPointsTensor, place), place);
        int inner = t.Dims.Length == 0 ? 0 : t.Dims[^1];
        int size = blocks.BlockSize;
        long elements = ShapeOf(t.Name, t.Dims).Elements;
        string? problem = size < 1 || inner % size != 0 || scales.Length != elements / size
            ? $"{scales.Length} scales for [{string.Join("x", t.Dims)}] in blocks of {size}"
            : Quantization.Problem(scales, zeroPoints, axis: 0, size);
        return problem is null
            ? new Quantization(scales, zeroPoints, axis: 0, size)
            : throw Reject.Model(place, problem);
    }

    TfliteTensor Tensor(int index, string place) => index >= 0 && index < source.Tensors.Length
        ? source.Tensors[index]
        : throw Reject.Model(place, $"it names tensor {index} of {source.Tensors.Length}");
}
