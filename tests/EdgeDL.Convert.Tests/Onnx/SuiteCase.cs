using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>
/// One case of the suite: import with the stored shapes, all passes, through the bytes of an .edl
/// file, and each stored set of inputs against the stored outputs.
/// </summary>
/// <remarks>
/// The inputs' values are offered too; the importer takes one only where a shape hangs on it, as a
/// user would with --input-value.
/// </remarks>
sealed partial class SuiteCase
{
    // The suite's own: numpy.testing.assert_allclose(rtol=1e-3, atol=1e-7).
    const double Relative = 1e-3;
    const double Absolute = 1e-7;

    readonly string folder;
    readonly ModelProto model;
    readonly ValueInfoProto[] inputs;

    public SuiteCase(string name)
    {
        folder = OnnxSuite.Folder(name);
        model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        var constants = model.Graph.Initializer.Select(i => i.Name).ToHashSet();
        inputs = [.. model.Graph.Input.Where(i => !constants.Contains(i.Name))];
    }

    /// <summary>The operator, if there is only one; else empty.</summary>
    public string Operator => model.Graph.Node is [{ } node] ? node.OpType : "";

    public long Opset => model.OpsetImport[0].Version;

    /// <summary>Runs every stored set; throws what the converter or the check throws.</summary>
    public void Run()
    {
        string[] sets = Directory.GetDirectories(folder, "test_data_set_*");
        Assert.NotEmpty(sets);
        foreach (string set in sets)
        {
            Run(set);
        }
    }

    /// <summary>The names of our ops that the file's nodes become, before any pass.</summary>
    public IEnumerable<string> ImportedOps()
    {
        string set = Directory.GetDirectories(folder, "test_data_set_*")[0];
        using Model imported = OnnxImporter.Import(
            Path.Combine(folder, "model.onnx"), Options(Load(set, "input", inputs)));
        return [.. Tests.ImportedOps.Of(imported)];
    }

    ImportOptions Options(Dictionary<string, TensorData> given) => new()
    {
        InputShapes = Shapes(given),
        InputValues = given.ToDictionary(p => p.Key, p => (ReadOnlyMemory<byte>)p.Value.Bytes),
    };

    Model Packed(Dictionary<string, TensorData> given)
    {
        using Model converted = Converter.Convert(
            Path.Combine(folder, "model.onnx"), Options(given));
        return Model.Load(converted.ToBytes(), OpSet.All);
    }

    void Run(string set)
    {
        Dictionary<string, TensorData> given = Load(set, "input", inputs);
        using Model loaded = Packed(given);
        using var session = new Session(loaded);
        for (int i = 0; i < session.InputCount; i++)
        {
            string name = loaded.Main.Values[loaded.Main.Inputs[i]].Name;
            Span<byte> into = session.Input(i).AsBytes();
            Assert.Equal(into.Length, given[name].Bytes.Length);
            given[name].Bytes.CopyTo(into);
        }

        session.Run();
        Dictionary<string, TensorData> expected = Load(set, "output", [.. model.Graph.Output]);
        Assert.Equal(expected.Count, session.OutputCount);
        foreach ((string name, TensorData tensor) in expected)
        {
            Same(tensor, session.Output(name), name);
        }
    }

    Dictionary<string, int[]> Shapes(Dictionary<string, TensorData> given)
    {
        var shapes = given.ToDictionary(p => p.Key, p => p.Value.Shape.ToArray());
        foreach (ValueInfoProto input in inputs)
        {
            bool isList = input.Type.ValueCase == TypeProto.ValueOneofCase.SequenceType;
            if (isList && !given.ContainsKey($"{input.Name}[0]"))
            {
                shapes[$"{input.Name}[]"] = [];
            }
        }

        return shapes;
    }

    static Dictionary<string, TensorData> Load(string set, string what, ValueInfoProto[] infos)
    {
        var tensors = new Dictionary<string, TensorData>();
        var nowhere = new ExternalData(folder: null);
        for (int i = 0; i < infos.Length; i++)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(set, $"{what}_{i}.pb"));
            string name = infos[i].Name;
            TypeProto type = infos[i].Type;
            if (type.ValueCase == TypeProto.ValueOneofCase.SequenceType)
            {
                Add(SequenceProto.Parser.ParseFrom(bytes), name);
            }
            else if (type.ValueCase == TypeProto.ValueOneofCase.OptionalType)
            {
                OptionalProto optional = OptionalProto.Parser.ParseFrom(bytes);
                if (optional.SequenceValue is { } list)
                {
                    Add(list, name);
                }
                else if (optional.TensorValue is { } tensor)
                {
                    tensors[name] = TensorData.Read(tensor, name, nowhere);
                }
            }
            else
            {
                tensors[name] = TensorData.Read(
                    TensorProto.Parser.ParseFrom(bytes), name, nowhere);
            }
        }

        return tensors;

        void Add(SequenceProto list, string name)
        {
            for (int i = 0; i < list.TensorValues.Count; i++)
            {
                tensors[$"{name}[{i}]"] = TensorData.Read(list.TensorValues[i], name, nowhere);
            }
        }
    }

    static void Same(TensorData expected, TensorView actual, string name) =>
        Same(expected, actual.DType, actual.Shape, actual.AsBytes(), name);

    static void Same(
        TensorData expected, DType type, Shape shape, ReadOnlySpan<byte> actual, string name)
    {
        // The suite's tools had no bfloat16: the cases store its bits as uint16.
        if (expected.Stored == DType.UInt16 && type == DType.BFloat16)
        {
            expected = expected with { Type = TensorProto.Types.DataType.Bfloat16 };
        }

        Assert.Equal(expected.Stored, type);
        Assert.Equal(expected.Shape, shape);
        if (!expected.Stored.IsFloat())
        {
            Check.Same(expected.Bytes, actual, name);
            return;
        }

        double[] want = Doubles(expected.Bytes, expected.Stored);
        double[] have = Doubles(actual, type);
        for (int i = 0; i < want.Length; i++)
        {
            bool same = want[i].Equals(have[i]) || want[i] == have[i]
                || Math.Abs(have[i] - want[i]) <= Absolute + (Relative * Math.Abs(want[i]));
            Assert.True(same, $"{name}[{i}] is {have[i]}, the suite says {want[i]}");
        }
    }

    static double[] Doubles(ReadOnlySpan<byte> bytes, DType type) => type switch
    {
        DType.Float32 => [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            .Select(v => (double)v)],
        DType.Float64 => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
        DType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray()
            .Select(v => (double)v)],
        _ => [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray()
            .Select(v => (double)BitConverter.UInt32BitsToSingle((uint)v << 16))],
    };
}
