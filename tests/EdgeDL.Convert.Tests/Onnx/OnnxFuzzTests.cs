using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Testing;
using Google.Protobuf;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>
/// Damaged .onnx files give a model or a refusal that says what was found; what they give runs
/// without harm.
/// </summary>
public sealed class OnnxFuzzTests
{
    [Fact]
    public void Damaged_loops_do_no_harm() => Fuzz("loop", OnnxAttackTests.LoopOf(5).Bytes);

    [SuiteTheory]
    [InlineData("node/test_if")]
    [InlineData("node/test_scan9_sum")]
    [InlineData("pytorch-converted/test_MaxPool3d_stride_padding")]
    [InlineData("node/test_sce_mean_weight_ii_3d_expanded")]
    [InlineData("pytorch-converted/test_Conv2d_groups")]
    public void Damaged_suite_files_do_no_harm(string name) =>
        Fuzz(name, File.ReadAllBytes(Path.Combine(OnnxSuite.Folder(name), "model.onnx")));

    [AssetTheory]
    [InlineData("onnx/tiny_kws.onnx")]
    [InlineData("onnx/tiny_ad.onnx")]
    public void Damaged_models_do_no_harm(string path) =>
        Fuzz(Path.GetFileName(path), File.ReadAllBytes(Assets.PathOf(path)));

    static void Fuzz(string name, byte[] file)
    {
        bool isLarge = file.Length > 100_000;
        int cuts = Settings.Count(isLarge ? 20 : 300, isLarge ? 2000 : int.MaxValue);
        int flips = Settings.Count(isLarge ? 40 : 300, isLarge ? 2000 : 20_000);
        int mutations = Settings.Count(isLarge ? 40 : 300, 2000);
        using var target = new FuzzTarget(
            $"onnx-{name.Replace('/', '-')}", 2 * file.Length + 4096, Feed,
            (256L * file.Length) + (64L << 20));
        Feed(file);
        foreach (int length in Mutator.Truncations(file.Length, cuts, seed: 5))
        {
            target.Try(file[..length], $"cut to {length} bytes");
        }

        var random = new Random(6);
        for (int i = 0; i < flips; i++)
        {
            target.Try(Mutator.FlipBits(file, random), $"bit flip {i} of seed 6");
        }

        random = new Random(7);
        for (int i = 0; i < mutations; i++)
        {
            target.Try(ProtoMutator.Mutate(file, random), $"mutation {i} of seed 7");
        }

        target.AssertClean();
        Assert.True(target.Refused > 0, "nothing was refused");
    }

    static void Feed(byte[] bytes)
    {
        using Model model = Converter.Convert(bytes, new ImportOptions());
        if (bytes.Length < 100_000)
        {
            EdlFuzz.Feed(model.ToBytes());
        }
    }
}

/// <summary>Changes a model's fields so that it stays a sound protobuf message.</summary>
static class ProtoMutator
{
    static readonly long[] Sharp =
    [
        0, 1, 2, 3, 4, 7, 16, 127, 255, 65535, 1 << 24, int.MaxValue, -1, -2, -4, int.MinValue,
        long.MaxValue, long.MinValue,
    ];

    public static byte[] Mutate(byte[] file, Random random)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        int hits = 1 + random.Next(3);
        for (int i = 0; i < hits; i++)
        {
            Mutate(model.Graph, model, random);
        }

        return model.ToByteArray();
    }

    static void Mutate(GraphProto graph, ModelProto model, Random random)
    {
        string[] names =
        [
            .. graph.Node.SelectMany(n => n.Output), .. graph.Input.Select(i => i.Name),
            .. graph.Initializer.Select(t => t.Name), "",
        ];
        switch (random.Next(7))
        {
            case 0 when graph.Initializer.Count > 0:
                Tensor(Pick(graph.Initializer, random), random);
                break;
            case 1 when graph.Input.Count > 0
                && Pick(graph.Input, random).Type?.TensorType?.Shape is { Dim.Count: > 0 } shape:
                Pick(shape.Dim, random).DimValue = Number(1, random);
                break;
            case 2:
                model.OpsetImport[0].Version = random.Next(1, 24);
                break;
            default:
                Node(Pick(graph.Node, random), names, model, random);
                break;
        }
    }

    static void Node(NodeProto node, string[] names, ModelProto model, Random random)
    {
        int kind = random.Next(6);
        if (kind == 0 && node.Input.Count > 0)
        {
            node.Input[random.Next(node.Input.Count)] = names[random.Next(names.Length)];
        }
        else if (kind == 1 && node.Output.Count > 0)
        {
            node.Output[random.Next(node.Output.Count)] = names[random.Next(names.Length)];
        }
        else if (kind == 2 && node.Input.Count > 0)
        {
            node.Input.RemoveAt(node.Input.Count - 1);
        }
        else if (kind == 3)
        {
            node.OpType = Pick(model.Graph.Node, random).OpType;
        }
        else if (node.Attribute.Count > 0)
        {
            Attribute(Pick(node.Attribute, random), model, random);
        }
    }

    static void Attribute(AttributeProto attribute, ModelProto model, Random random)
    {
        if (attribute.G is { Node.Count: > 0 } body)
        {
            Mutate(body, model, random);
        }
        else if (attribute.Ints.Count > 0 && random.Next(4) > 0)
        {
            int at = random.Next(attribute.Ints.Count);
            attribute.Ints[at] = Number(attribute.Ints[at], random);
        }
        else if (attribute.Ints.Count > 0)
        {
            attribute.Ints.Add(Number(0, random));
        }
        else if (attribute.T is { } tensor)
        {
            Tensor(tensor, random);
        }
        else if (attribute.HasF)
        {
            attribute.F = random.Next(3) switch
            {
                0 => float.NaN, 1 => float.PositiveInfinity, _ => -attribute.F,
            };
        }
        else
        {
            attribute.I = Number(attribute.I, random);
        }
    }

    static void Tensor(TensorProto tensor, Random random)
    {
        switch (random.Next(4))
        {
            case 0 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Number(1, random);
                break;
            case 1:
                tensor.DataType = random.Next(-1, 25);
                break;
            case 2 when tensor.HasRawData && tensor.RawData.Length >= sizeof(long):
                byte[] bytes = tensor.RawData.ToByteArray();
                BitConverter.GetBytes(Number(1, random)).CopyTo(
                    bytes, random.Next(bytes.Length / 8) * 8);
                tensor.RawData = ByteString.CopyFrom(bytes);
                break;
            default:
                if (tensor.Int64Data.Count > 0)
                {
                    tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = Number(1, random);
                }

                break;
        }
    }

    static T Pick<T>(IList<T> list, Random random) => list[random.Next(list.Count)];

    static long Number(long old, Random random) => random.Next(4) switch
    {
        0 => old + random.Next(-3, 4),
        1 => random.Next(64),
        _ => Sharp[random.Next(Sharp.Length)],
    };
}
