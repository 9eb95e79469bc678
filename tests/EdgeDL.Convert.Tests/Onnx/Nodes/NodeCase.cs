using System.Globalization;
using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;
using Google.Protobuf;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;
using Type = EdgeDL.Convert.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>A model of one node, in a line.</summary>
/// <remarks>
/// "Conv 11 f2x3x9 F4x3x3 _ | strides=2": operator, version, operands, attributes. An operand is
/// f, u (0 to 1), g (−1.8 to 1.8), r (regions: corners from 0 to 9), R (the same after the index of
/// a picture), l (int64 0 or 1), b (uint8) or s (int8) and its extents; F is a constant, c:1.5,2
/// one of these floats, l:3 one of these int64, _ left out.
/// </remarks>
sealed class NodeCase
{
    static readonly string[] lists =
    [
        "axes", "dilations", "kernel_shape", "output_padding", "output_shape", "pads",
        "pooled_shape", "scales", "strides",
    ];

    public NodeCase(string text, int outputs)
    {
        string[] halves = text.Split('|');
        string[] words = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var file = new OnnxWriter(int.Parse(words[1], CultureInfo.InvariantCulture));
        var random = new Random(7);
        string[] names = [.. words[2..].Select((word, i) => Operand(file, word, i, random))];
        AttributeProto[] attributes = [.. halves[1]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Attribute)];
        string[] results = [.. Enumerable.Range(0, outputs).Select(o => $"y{o}")];
        file.Node(words[0], names, results, attributes);
        for (int o = 0; o < outputs; o++)
        {
            bool isIndex = o > 0 || words[0] == "NonMaxSuppression";
            DataType type = isIndex ? DataType.Int64 : ElementTypes.Of(Inputs[0].DType);
            file.Output(results[o], type);
            // Extents are for the runtimes to find.
            file.Graph.Output[o].Type.TensorType.Shape = null;
        }

        Bytes = file.Bytes;
    }

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    /// <summary>What to put into its inputs.</summary>
    public List<OrtTensor> Inputs { get; } = [];

    string Operand(OnnxWriter file, string word, int i, Random random)
    {
        string name = $"x{i}";
        if (word == "_")
        {
            return "";
        }

        if (word.Length > 1 && word[1] == ':')
        {
            string[] numbers = word[2..].Split(',', StringSplitOptions.RemoveEmptyEntries);
            _ = word[0] == 'l'
                ? file.Constant(name, DataType.Int64, [numbers.Length],
                    [.. numbers.Select(n => long.Parse(n, CultureInfo.InvariantCulture))])
                : file.Constant(name, DataType.Float, [numbers.Length],
                    [.. numbers.Select(n => float.Parse(n, CultureInfo.InvariantCulture))]);
            return name;
        }

        long[] dims = [.. word[1..].Split('x')
            .Select(d => long.Parse(d, CultureInfo.InvariantCulture))];
        long count = dims.Aggregate(1L, (a, b) => a * b);
        (DataType type, byte[] bytes) = Draw(word[0], dims, (int)count, random);
        if (word[0] == 'F')
        {
            file.Constant(name, type, dims, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
            return name;
        }

        file.Input(name, type, dims);
        Inputs.Add(new OrtTensor(name, ElementTypes.Stored(type),
            new Shape([.. dims.Select(d => (int)d)]), bytes));
        return name;
    }

    static (DataType Type, byte[] Bytes) Draw(char kind, long[] dims, int count, Random random)
    {
        if (kind is 'b' or 's')
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return (kind == 'b' ? DataType.Uint8 : DataType.Int8, bytes);
        }

        if (kind == 'l')
        {
            long[] longs = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(2))];
            return (DataType.Int64, MemoryMarshal.AsBytes<long>(longs).ToArray());
        }

        (double low, double high) = kind switch
        {
            'u' => (0, 1),
            'g' => (-1.8, 1.8),
            'r' or 'R' => (0, 9),
            _ => (-2, 2),
        };
        float[] floats = [.. Enumerable.Range(0, count)
            .Select(_ => (float)(low + ((high - low) * random.NextDouble())))];
        int row = (int)dims[^1];
        for (int i = 0; i < count && kind is 'r' or 'R'; i += row)
        {
            Span<float> corners = floats.AsSpan(i + row - 4, 4);
            (corners[0], corners[2]) = Sorted(corners[0], corners[2]);
            (corners[1], corners[3]) = Sorted(corners[1], corners[3]);
            floats[i] = kind == 'R' ? i / row % 2 : floats[i];
        }

        return (DataType.Float, MemoryMarshal.AsBytes<float>(floats).ToArray());
    }

    static (float, float) Sorted(float a, float b) => (Math.Min(a, b), Math.Max(a, b));

    static AttributeProto Attribute(string text)
    {
        string[] parts = text.Split('=');
        var attribute = new AttributeProto { Name = parts[0] };
        string[] values = parts[1].Split(',');
        bool isList = lists.Contains(parts[0]);
        if (char.IsLetter(parts[1][0]))
        {
            attribute.Type = Type.String;
            attribute.S = ByteString.CopyFromUtf8(parts[1]);
        }
        else if (parts[1].Contains('.', StringComparison.Ordinal))
        {
            float[] reals =
                [.. values.Select(v => float.Parse(v, CultureInfo.InvariantCulture))];
            attribute.Type = isList ? Type.Floats : Type.Float;
            Set(attribute, a => a.F = reals[0], a => a.Floats.AddRange(reals));
        }
        else
        {
            long[] longs = [.. values.Select(v => long.Parse(v, CultureInfo.InvariantCulture))];
            attribute.Type = isList ? Type.Ints : Type.Int;
            Set(attribute, a => a.I = longs[0], a => a.Ints.AddRange(longs));
        }

        return attribute;
    }
    static void Set(
        AttributeProto attribute, Action<AttributeProto> one, Action<AttributeProto> many)
    {
        bool isList = attribute.Type is Type.Ints or Type.Floats;
        (isList ? many : one)(attribute);
    }
}
