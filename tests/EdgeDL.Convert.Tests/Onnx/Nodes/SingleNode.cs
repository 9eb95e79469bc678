using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;
using Google.Protobuf;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;
using Type = EdgeDL.Convert.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>A model of one node with operands and attributes of any type.</summary>
sealed class SingleNode
{
    /// <summary>ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    readonly OnnxWriter file;
    readonly NodeProto node;
    readonly Random random = new(11);

    public SingleNode(string name, string op, int opset = 17, string domain = "")
    {
        Name = $"{op} {name}";
        file = new OnnxWriter(opset);
        file.Model.IrVersion = opset > 21 ? 10 : 8;
        if (domain.Length > 0)
        {
            file.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        }

        node = new NodeProto { OpType = op, Domain = domain, Name = "node" };
        file.Graph.Node.Add(node);
    }

    public string Name { get; }

    public string Operator => node.OpType;

    public string Domain => node.Domain;

    /// <summary>The names of our ops that the node becomes, before any pass.</summary>
    public IEnumerable<string> ImportedOps()
    {
        using Model imported = OnnxImporter.Import(Bytes, new ImportOptions(), folder: null);
        return [.. Tests.ImportedOps.Of(imported)];
    }

    public byte[] Bytes => file.Bytes;

    public List<OrtTensor> Inputs { get; } = [];

    /// <summary>An input of floats from −2 to 2.</summary>
    public SingleNode In(params long[] dims) =>
        Add(DType.Float32, DataType.Float, dims, MemoryMarshal.AsBytes<float>(Floats(dims, 2)));

    /// <summary>An input of bytes.</summary>
    public SingleNode In8(bool isSigned, params long[] dims)
    {
        var bytes = new byte[Count(dims)];
        random.NextBytes(bytes);
        return isSigned
            ? Add(DType.Int8, DataType.Int8, dims, bytes)
            : Add(DType.UInt8, DataType.Uint8, dims, bytes);
    }

    /// <summary>An input of these int32.</summary>
    public SingleNode In32(int[] values, params long[] dims) =>
        Add(DType.Int32, DataType.Int32, dims, MemoryMarshal.AsBytes<int>(values));

    SingleNode Add(DType type, DataType stored, long[] dims, ReadOnlySpan<byte> bytes)
    {
        string name = $"x{node.Input.Count}";
        file.Input(name, stored, dims);
        node.Input.Add(name);
        Inputs.Add(new(name, type, new Shape([.. dims.Select(d => (int)d)]), bytes.ToArray()));
        return this;
    }

    /// <summary>A constant of floats from −1 to 1.</summary>
    public SingleNode Weights(params long[] dims) =>
        Constant(DataType.Float, dims, Floats(dims, 1));

    /// <summary>A constant of floats from 0.01 to 0.03.</summary>
    public SingleNode Scales(params long[] dims) => Constant(
        DataType.Float, dims, [.. Floats(dims, 1).Select(v => 0.02f + (v / 100))]);

    /// <summary>A constant of int8 that no 16-bit sum of products saturates.</summary>
    public SingleNode Weights8(params long[] dims) => Constant(DataType.Int8, dims,
        [.. Enumerable.Range(0, Count(dims)).Select(_ => (sbyte)random.Next(-64, 64))]);

    /// <summary>A constant of uint8.</summary>
    public SingleNode WeightsU8(params long[] dims) => Constant(DataType.Uint8, dims,
        [.. Enumerable.Range(0, Count(dims)).Select(_ => (byte)random.Next(256))]);

    public SingleNode Constant<T>(DataType type, long[] dims, params T[] values)
        where T : unmanaged
    {
        string name = $"x{node.Input.Count}";
        file.Constant(name, type, dims, values);
        node.Input.Add(name);
        return this;
    }

    public SingleNode Scalar(float value) => Constant(DataType.Float, [], value);

    public SingleNode Zero(byte value) => Constant(DataType.Uint8, [], value);

    public SingleNode Zero(sbyte value) => Constant(DataType.Int8, [], value);

    public SingleNode Longs(params long[] values) =>
        Constant(DataType.Int64, [values.Length], values);

    /// <summary>Operands that are left out.</summary>
    public SingleNode None(int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            node.Input.Add("");
        }

        return this;
    }

    public SingleNode Set(string name, long value) =>
        Set(name, Type.Int, a => a.I = value);

    public SingleNode Set(string name, float value) =>
        Set(name, Type.Float, a => a.F = value);

    public SingleNode Set(string name, string value) =>
        Set(name, Type.String, a => a.S = ByteString.CopyFromUtf8(value));

    public SingleNode Set(string name, params long[] values) =>
        Set(name, Type.Ints, a => a.Ints.AddRange(values));

    public SingleNode Set(string name, params float[] values) =>
        Set(name, Type.Floats, a => a.Floats.AddRange(values));

    public SingleNode Set(string name, params string[] values) =>
        Set(name, Type.Strings, a => a.Strings.AddRange(
            values.Select(ByteString.CopyFromUtf8)));

    SingleNode Set(string name, Type type, Action<AttributeProto> fill)
    {
        var attribute = new AttributeProto { Name = name, Type = type };
        fill(attribute);
        node.Attribute.Add(attribute);
        return this;
    }

    /// <summary>What comes out; floats if nothing is said.</summary>
    public SingleNode Out(params DataType[] types)
    {
        foreach (DataType type in types.Length == 0 ? [DataType.Float] : types)
        {
            string name = $"y{node.Output.Count}";
            node.Output.Add(name);
            file.Output(name, type);
            file.Graph.Output[^1].Type.TensorType.Shape = null;
        }

        return this;
    }

    float[] Floats(long[] dims, double bound) => [.. Enumerable.Range(0, Count(dims))
        .Select(_ => (float)(((2 * random.NextDouble()) - 1) * bound))];

    static int Count(long[] dims) => (int)dims.Aggregate(1L, (a, b) => a * b);
}
