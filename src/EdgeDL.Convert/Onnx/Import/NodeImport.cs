using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Convert.Tflite.Import;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>
/// What an import function sees of its node: attributes, operands with their final types and
/// shapes, and the ways to add nodes of ours.
/// </summary>
sealed partial class NodeImport
{
    readonly GraphImport graph;
    readonly NodeProto node;
    readonly Scope scope;

    public NodeImport(GraphImport graph, NodeProto node, Scope scope, AttributeSet? call)
    {
        this.graph = graph;
        this.node = node;
        this.scope = scope;
        Attributes = new AttributeSet(node, call);
        string own = node.Output.FirstOrDefault(o => o.Length > 0)
            ?? (node.Name.Length > 0 ? node.Name : node.OpType);
        Name = scope.Prefix + own;
        Place = $"{node.OpType} '{(node.Name.Length > 0 ? node.Name : own)}'";
    }

    /// <summary>The name of the first output: what the node of ours is called.</summary>
    public string Name { get; }

    /// <summary>Operator and name, for messages.</summary>
    public string Place { get; }

    public NodeProto Node => node;

    public GraphImport Graph => graph;

    public Scope Scope => scope;

    public AttributeSet Attributes { get; }

    /// <summary>The version of the operator set that the node is written in.</summary>
    public int Opset => graph.Opsets[node.Domain];

    public int InputCount => node.Input.Count;

    public int OutputCount => node.Output.Count;

    /// <summary>True if input <paramref name="i"/> exists and is not left out.</summary>
    public bool Has(int i) => i < node.Input.Count && node.Input[i].Length > 0
        && graph.Find(scope, node.Input[i]) is not OptionalOperand { Item: null };

    /// <summary>True if something may read output <paramref name="o"/>.</summary>
    public bool Wants(int o) => o < node.Output.Count && node.Output[o].Length > 0;

    /// <summary>What input <paramref name="i"/> stands for; it must be there.</summary>
    public Operand Operand(int i)
    {
        if (i >= node.Input.Count || node.Input[i].Length == 0)
        {
            throw Fail($"input {i} is required, the node has {InputCount}");
        }

        return graph.Find(scope, node.Input[i])
            ?? throw Fail($"input {i} is '{node.Input[i]}', which nothing computes before");
    }

    /// <summary>
    /// Our value index of input <paramref name="i"/>, or −1 if it is left out. It is without a
    /// quantization: to the standard integers are plain numbers.
    /// </summary>
    public int Input(int i) => QuantizedInput(i) is >= 0 and var value ? graph.Plain(value) : -1;

    /// <summary>As <see cref="Input"/>, with the quantization if it has one.</summary>
    public int QuantizedInput(int i) => i >= InputCount || node.Input[i].Length == 0 ? -1
        : TensorOf(Operand(i), i).Value;

    /// <summary>Our value indices of all inputs; −1 where one is left out.</summary>
    public int[] Inputs() => [.. Enumerable.Range(0, InputCount).Select(Input)];

    /// <summary>Input <paramref name="i"/>, which must be there, with this quantization.</summary>
    public int Quantized(int i, Quantization quant) =>
        graph.Quantized(TensorOf(Operand(i), i).Value, quant);

    /// <summary>Type, shape and quantization of an input that must be there.</summary>
    public Value In(int i) => graph.Builder[TensorOf(Operand(i), i).Value];

    public Shape ShapeOf(int i) => In(i).Shape;

    /// <summary>The type that the file gives an input.</summary>
    public DType StoredType(int i) => TensorOf(Operand(i), i).Stored;

    /// <summary>The bytes of an input if they are known; null if they depend on data.</summary>
    public Constant? Known(int i) => Has(i) ? graph.Known[Input(i)] : null;

    /// <summary>The whole numbers of an input that must be known; flattened.</summary>
    public long[] Longs(int i, string what)
    {
        Value value = In(i);
        ReadOnlySpan<byte> bytes = KnownBytes(i, what);
        return value.DType switch
        {
            DType.Int64 => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
            DType.Int32 => [.. MemoryMarshal.Cast<byte, int>(bytes).ToArray()
                .Select(v => (long)v)],
            _ => ConstantData.Ints(value.DType, bytes)?.Select(v => (long)v).ToArray()
                ?? throw Fail($"its {what} holds {value.DType}, not whole numbers"),
        };
    }

    /// <summary>
    /// The whole numbers of an input that must be known, those beyond int32 at its ends.
    /// </summary>
    public int[] Ints(int i, string what) => [.. Longs(i, what).Select(Clamp)];

    /// <summary>One whole number, from an input that must be known.</summary>
    public int Int(int i, string what) => Ints(i, what) is { Length: 1 } one
        ? one[0]
        : throw Fail($"its {what} has {In(i).Shape.Elements} numbers, one is needed");

    /// <summary>The numbers of a float input that must be known.</summary>
    public float[] Floats(int i, string what)
    {
        if (In(i).DType != DType.Float32)
        {
            throw Fail($"its {what} holds {In(i).DType}, not floats");
        }

        return MemoryMarshal.Cast<byte, float>(KnownBytes(i, what)).ToArray();
    }

    ReadOnlySpan<byte> KnownBytes(int i, string what)
    {
        Value value = In(i);
        return Known(i) is { } constant
            ? constant.Span[..(int)value.Bytes]
            : throw Unsupported($"its {what} ('{node.Input[i]}') is computed while the model runs",
                "export the model with a fixed one, or fix the inputs that it depends on with "
                + "--input-value NAME=…");
    }

    /// <summary>An axis in [0, rank); negative ones count from the end.</summary>
    public int Axis(long axis, int rank)
    {
        long positive = axis < 0 ? axis + rank : axis;
        return positive >= 0 && positive < rank
            ? (int)positive
            : throw Fail($"axis {axis} is not one of {rank}");
    }

    /// <summary>A node of ours that gives the first output.</summary>
    public void Emit(Op op, params ReadOnlySpan<int> inputs) =>
        SetOutput(0, graph.Add(op, Name, inputs, [Name])[0]);

    /// <summary>A node inside the operator's meaning, with one output.</summary>
    public int Add(Op op, string suffix, params ReadOnlySpan<int> inputs) =>
        AddQuantized(op, suffix, quant: null, inputs);

    /// <summary>A node with one output that is called so.</summary>
    public int AddNamed(Op op, string name, params ReadOnlySpan<int> inputs) =>
        graph.Add(op, name, inputs, [name])[0];

    /// <summary>A node with one output that has a quantization.</summary>
    public int AddQuantized(
        Op op, string suffix, Quantization? quant, params ReadOnlySpan<int> inputs)
    {
        string name = $"{Name}/{suffix}";
        return graph.Add(op, name, inputs, [name], [quant])[0];
    }

    /// <summary>A node with several outputs.</summary>
    public int[] AddMany(Op op, string suffix, int outputs, params ReadOnlySpan<int> inputs)
    {
        string name = $"{Name}/{suffix}";
        return graph.Add(op, name, inputs,
            [.. Enumerable.Range(0, outputs).Select(o => $"{name}:{o}")]);
    }

    /// <summary>A constant that the operator implies.</summary>
    public int Constant<T>(string suffix, Shape shape, ReadOnlySpan<T> values)
        where T : unmanaged => graph.Builder.Constant($"{Name}/{suffix}", shape, values);

    /// <summary>
    /// A list of places, the i-th by a function, as int64; a small file must not ask for many.
    /// </summary>
    public int Places(string suffix, int count, Func<int, long> place)
    {
        if (!graph.Model.Budget.TryTake((long)count * sizeof(long)))
        {
            throw Unsupported($"it counts {count} places", "export the model with smaller shapes");
        }

        long[] places = [.. Enumerable.Range(0, count).Select(place)];
        return Constant<long>(suffix, new Shape(count), places);
    }

    /// <summary>A scalar in the type of <paramref name="like"/>.</summary>
    public int Scalar(string suffix, double number, DType like) =>
        graph.Builder.Constant($"{Name}/{suffix}", like, Shape.Scalar,
            Tensors.Constant.Copy<byte>(Numbers.Bytes(number, like)));

    /// <summary>Our value under another shape of as many elements.</summary>
    public int Reshape(int value, params int[] dims) =>
        this[value].Shape.Dims.SequenceEqual(dims)
            ? value
            : AddQuantized(new Reshape(dims), "reshape", this[value].Quant, value);

    /// <summary>An input under another shape, called like the first output.</summary>
    public int Reshaped(int i, params int[] dims)
    {
        int x = Input(i);
        return graph.Add(new Reshape([.. TensorData.ShapeOf([.. dims], Place).Dims]), Name, [x],
            [Name], [this[x].Quant])[0];
    }

    /// <summary>Our value with its axes in another order.</summary>
    public int Transpose(int value, params int[] perm)
    {
        for (int i = 0; i < perm.Length; i++)
        {
            if (perm[i] != i)
            {
                return AddQuantized(
                    new Transpose(perm), "transpose", graph.Builder[value].Quant, value);
            }
        }

        return value;
    }

    /// <summary>[N, C, …] as [N, …, C].</summary>
    public int ChannelsLast(int value)
    {
        int rank = this[value].Shape.Rank;
        return rank < 3
            ? value
            : Transpose(value, [0, .. Enumerable.Range(2, rank - 2), 1]);
    }

    /// <summary>[N, …, C] as [N, C, …].</summary>
    public int ChannelsFirst(int value)
    {
        int rank = this[value].Shape.Rank;
        return rank < 3
            ? value
            : Transpose(value, [0, rank - 1, .. Enumerable.Range(1, rank - 2)]);
    }

    /// <summary>What is known of a value: type, shape, quantization.</summary>
    public Value this[int value] => value >= 0
        ? graph.Builder[value]
        : throw Fail("an input that it needs is left out");

    /// <summary>Says that an output is this value of ours.</summary>
    public void SetOutput(int o, int value) =>
        SetOutput(o, new TensorOperand(value, graph.Builder[value].DType));

    /// <summary>Says what an output stands for; one that nothing reads may be set too.</summary>
    public void SetOutput(int o, Operand operand)
    {
        if (Wants(o))
        {
            scope.Define(node.Output[o], operand);
        }
    }

    /// <summary>The model says something that its operator does not allow.</summary>
    public InvalidModelException Fail(string finding) => Reject.Model(Place, finding);

    /// <summary>The model asks for a form of the operator that EdgeDL does not have.</summary>
    public InvalidModelException Unsupported(string finding, string remedy) =>
        Reject.Unsupported($"{Place} (opset {Opset})", finding, remedy);

    TensorOperand TensorOf(Operand operand, int i) => operand switch
    {
        TensorOperand tensor => tensor,
        OptionalOperand { Item: { } item } => TensorOf(item, i),
        _ => throw Fail($"input {i} '{node.Input[i]}' is a list or absent, not a tensor"),
    };

    static int Clamp(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
