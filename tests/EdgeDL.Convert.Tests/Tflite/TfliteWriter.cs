using System.Runtime.InteropServices;
using EdgeDL.Convert.Tflite;
using EdgeDL.Convert.Tflite.Schema;
using Google.FlatBuffers;

namespace EdgeDL.Convert.Tests.Tflite;

/// <summary>A tensor to be written; bytes make it a constant.</summary>
sealed record WrittenTensor(string Name, TensorType Type, int[] Dims)
{
    public byte[] Data { get; init; } = [];

    public float Scale { get; init; }

    public long ZeroPoint { get; init; }

    /// <summary>CSR over rows: row ends and column numbers; null for dense.</summary>
    public (int[] Segments, int[] Indices)? Sparse { get; init; }
}

/// <summary>One graph of a model to be written.</summary>
sealed class WrittenGraph
{
    public List<WrittenTensor> Tensors { get; } = [];

    public List<int> Inputs { get; } = [];

    public List<int> Outputs { get; } = [];

    public List<(BuiltinOperator Op, string Custom, int[] Inputs, int[] Outputs, OptionsKind Kind,
        (Field Field, object Value)[] Options)> Operators { get; } = [];

    /// <summary>The options of custom operators, by their place.</summary>
    public Dictionary<int, byte[]> CustomOptions { get; } = [];

    public int Tensor(string name, TensorType type, params int[] dims) =>
        Add(new WrittenTensor(name, type, dims));

    public int Input(string name, TensorType type, params int[] dims)
    {
        Inputs.Add(Tensor(name, type, dims));
        return Inputs[^1];
    }

    public int Constant<T>(string name, TensorType type, int[] dims, params ReadOnlySpan<T> values)
        where T : unmanaged => Add(
            new WrittenTensor(name, type, dims) { Data = MemoryMarshal.AsBytes(values).ToArray() });

    public int Add(WrittenTensor tensor)
    {
        Tensors.Add(tensor);
        return Tensors.Count - 1;
    }

    public void Op(
        BuiltinOperator op, int[] inputs, int[] outputs, OptionsKind kind = default,
        params (Field, object)[] options) =>
        Operators.Add((op, "", inputs, outputs, kind, options));

    public void Custom(string name, int[] inputs, int[] outputs) =>
        Operators.Add((BuiltinOperator.CUSTOM, name, inputs, outputs, default, []));

    public void Custom(string name, int[] inputs, int[] outputs, byte[] options)
    {
        Custom(name, inputs, outputs);
        CustomOptions[Operators.Count - 1] = options;
    }
}

/// <summary>Writes small .tflite files with Google's own builder.</summary>
static class TfliteWriter
{
    public static byte[] Write(params WrittenGraph[] graphs)
    {
        var b = new FlatBufferBuilder(1024);
        var codes = new List<(BuiltinOperator Op, string Custom)>();
        var buffers = new List<byte[]> { Array.Empty<byte>() };
        int[] graphOffsets = [.. graphs.Select(g => Graph(b, g, codes, buffers))];
        int graphVector = Offsets(b, graphOffsets);
        int bufferVector = Offsets(b, [.. buffers.Select(data => Table(b, 3, data.Length == 0
            ? [] : [(0, Bytes(b, data))]))]);
        int codeVector = Offsets(b, [.. codes.Select(c =>
        {
            int custom = c.Custom.Length == 0 ? 0 : b.CreateString(c.Custom).Value;
            b.StartTable(4);
            b.AddByte(0, (byte)Math.Min((int)c.Op, 127), 0);
            b.AddOffset(1, custom, 0);
            b.AddInt(2, 1, 1);
            b.AddInt(3, (int)c.Op, 0);
            return b.EndTable();
        })]);
        b.StartTable(8);
        b.AddInt(0, 3, 0);
        b.AddOffset(1, codeVector, 0);
        b.AddOffset(2, graphVector, 0);
        b.AddOffset(4, bufferVector, 0);
        b.Finish(b.EndTable(), "TFL3");
        return b.SizedByteArray();
    }

    static int Graph(
        FlatBufferBuilder b, WrittenGraph g, List<(BuiltinOperator, string)> codes,
        List<byte[]> buffers)
    {
        int tensors = Offsets(b, [.. g.Tensors.Select(t => Tensor(b, t, buffers))]);
        int operators = Offsets(b, [.. g.Operators.Select((o, at) =>
        {
            int code = codes.IndexOf((o.Op, o.Custom));
            if (code < 0)
            {
                codes.Add((o.Op, o.Custom));
                code = codes.Count - 1;
            }

            int inputs = Ints(b, o.Inputs);
            int outputs = Ints(b, o.Outputs);
            int options = o.Kind.Type == 0 ? 0 : OptionTable(b, o.Options);
            int custom = g.CustomOptions.TryGetValue(at, out byte[]? bytes) ? Bytes(b, bytes) : 0;
            b.StartTable(6);
            b.AddInt(0, code, 0);
            b.AddOffset(1, inputs, 0);
            b.AddOffset(2, outputs, 0);
            b.AddByte(3, (byte)o.Kind.Type, 0);
            b.AddOffset(4, options, 0);
            b.AddOffset(5, custom, 0);
            return b.EndTable();
        })]);
        return Table(b, 5,
            [(0, tensors), (1, Ints(b, [.. g.Inputs])), (2, Ints(b, [.. g.Outputs])),
                (3, operators)]);
    }

    static int Tensor(FlatBufferBuilder b, WrittenTensor t, List<byte[]> buffers)
    {
        int buffer = 0;
        if (t.Data.Length > 0)
        {
            buffers.Add(t.Data);
            buffer = buffers.Count - 1;
        }

        int name = b.CreateString(t.Name).Value;
        int dims = Ints(b, t.Dims);
        int quantization = t.Scale == 0 ? 0 : Table(b, 7,
            [(2, Ints(b, [BitConverter.SingleToInt32Bits(t.Scale)])),
                (3, Longs(b, [t.ZeroPoint]))]);
        int sparsity = t.Sparse is { } s ? Sparsity(b, t.Dims, s.Segments, s.Indices) : 0;
        b.StartTable(8);
        b.AddOffset(0, dims, 0);
        b.AddByte(1, (byte)t.Type, 0);
        b.AddInt(2, buffer, 0);
        b.AddOffset(3, name, 0);
        b.AddOffset(4, quantization, 0);
        b.AddOffset(6, sparsity, 0);
        return b.EndTable();
    }

    static int Sparsity(FlatBufferBuilder b, int[] dims, int[] segments, int[] indices)
    {
        b.StartTable(6);
        b.AddInt(1, dims[0], 0);
        int rows = b.EndTable();
        int segmentTable = Table(b, 1, [(0, Ints(b, segments))]);
        int indexTable = Table(b, 1, [(0, Ints(b, indices))]);
        b.StartTable(6);
        b.AddByte(0, 1, 0);
        b.AddByte(2, 1, 0);
        b.AddOffset(3, segmentTable, 0);
        b.AddByte(4, 1, 0);
        b.AddOffset(5, indexTable, 0);
        int columns = b.EndTable();
        return Table(b, 3, [(0, Ints(b, [0, 1])), (2, Offsets(b, [rows, columns]))]);
    }

    static int OptionTable(FlatBufferBuilder b, (Field Field, object Value)[] options)
    {
        int[] offsets = [.. options.Select(o => o.Value switch
        {
            int[] ints => Ints(b, ints),
            string text => b.CreateString(text).Value,
            _ => 0,
        })];
        b.StartTable(options.Length == 0 ? 0 : options.Max(o => o.Field.Id) + 1);
        for (int i = 0; i < options.Length; i++)
        {
            int id = options[i].Field.Id;
            switch (options[i].Value)
            {
                case int v:
                    b.AddInt(id, v, 0);
                    break;
                case byte v:
                    b.AddByte(id, v, 0);
                    break;
                case bool v:
                    b.AddBool(id, v, false);
                    break;
                case float v:
                    b.AddFloat(id, v, 0);
                    break;
                default:
                    b.AddOffset(id, offsets[i], 0);
                    break;
            }
        }

        return b.EndTable();
    }

    static int Table(FlatBufferBuilder b, int fields, (int Id, int Offset)[] values)
    {
        b.StartTable(fields);
        foreach ((int id, int offset) in values)
        {
            b.AddOffset(id, offset, 0);
        }

        return b.EndTable();
    }

    static int Offsets(FlatBufferBuilder b, int[] offsets)
    {
        b.StartVector(4, offsets.Length, 4);
        foreach (int offset in offsets.Reverse())
        {
            b.AddOffset(offset);
        }

        return b.EndVector().Value;
    }

    static int Ints(FlatBufferBuilder b, int[] values)
    {
        b.StartVector(4, values.Length, 4);
        foreach (int value in values.Reverse())
        {
            b.AddInt(value);
        }

        return b.EndVector().Value;
    }

    static int Longs(FlatBufferBuilder b, long[] values)
    {
        b.StartVector(8, values.Length, 8);
        foreach (long value in values.Reverse())
        {
            b.AddLong(value);
        }

        return b.EndVector().Value;
    }

    static int Bytes(FlatBufferBuilder b, byte[] data)
    {
        b.StartVector(1, data.Length, 16);
        foreach (byte value in data.Reverse())
        {
            b.AddByte(value);
        }

        return b.EndVector().Value;
    }
}
