using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>The real .onnx files, converted with all passes, against ONNX Runtime.</summary>
public sealed class OnnxModelTests
{
    const int Inputs = 20;
    const double Relative = 1e-4;

    // Of a thousand scores so many may be off by more than a step.
    const int OffPerThousand = 1;

    internal const string Quantized = "onnx/mobilenet_v3_qdq/model.onnx";

    /// <summary>A file, the range of its inputs, and the transposes that may remain.</summary>
    public static TheoryData<string, float, int> Floats => new()
    {
        { "onnx/tiny_ad.onnx", 4, 0 },
        { "onnx/tiny_ic.onnx", 255, 1 },
        { "onnx/tiny_kws.onnx", 4, 0 },
        { "onnx/tiny_vww.onnx", 1, 1 },
        { "detect/FastestDet.onnx", 1, 2 },
        { "detect/yunet_n_320.onnx", 255, 1 },
    };

    [AssetTheory]
    [MemberData(nameof(Floats))]
    public void Floats_are_within_the_tolerance(string file, float range, int transposes)
    {
        using OrtModel oracle = Oracle(Assets.Bytes(file));
        using Model model = Convert(file, oracle);
        using var session = new Session(model);
        var random = new Random(1);
        for (int run = 0; run < Inputs; run++)
        {
            float[] x = Random(session.Input(0).Elements, range, random);
            x.CopyTo(session.Input(0).AsSpan<float>());
            session.Run();
            foreach (OrtTensor expected in Run(oracle, x))
            {
                Near(Reals(expected), session.Output(expected.Name).AsSpan<float>(),
                    $"{file} {expected.Name}");
            }
        }

        Assert.InRange(model.Main.Nodes.Count(n => n.Op is Transpose), 0, transposes);
    }

    [AssetFact]
    public void Quantized_scores_are_within_one_step()
    {
        using OrtModel oracle = Oracle(Assets.Bytes(Quantized));
        using Model model = Convert(Quantized, oracle);
        using var session = new Session(model);
        var random = new Random(1);
        for (int run = 0; run < Inputs; run++)
        {
            float[] x = Photos.Normalized(new Shape(ShapeOf(oracle)), random);
            x.CopyTo(session.Input(0).AsSpan<float>());
            session.Run();
            OrtTensor expected = Assert.Single(Run(oracle, x));
            Within(Reals(expected), session.Output(0).AsSpan<float>(), LastScale(model));
        }
    }

    [AssetFact]
    public void The_stored_picture_gives_the_stored_scores()
    {
        using OrtModel oracle = Oracle(Assets.Bytes(Quantized));
        using Model model = Convert(Quantized, oracle);
        using var session = new Session(model);
        Stored("input_0.pb").CopyTo(session.Input(0).AsSpan<float>());
        session.Run();
        Within(Stored("output_0.pb"), session.Output(0).AsSpan<float>(), LastScale(model));
    }

    [AssetFact]
    public void A_quantized_net_runs_on_integers_throughout()
    {
        using OrtModel oracle = Oracle(Assets.Bytes(Quantized));
        using Model model = Convert(Quantized, oracle);
        Graph graph = model.Main;
        Assert.Equal(1, graph.Nodes.Count(n => n.Op is Dequantize));
        Assert.Equal(1, graph.Nodes.Count(n => n.Op is Quantize));
        Assert.All(graph.Nodes.Where(n => n.Op is Conv2D or DepthwiseConv2D or FullyConnected),
            n => Assert.Equal(DType.Int8, graph.Values[n.Inputs[0]].DType));
        Assert.InRange(graph.Nodes.Count(n => n.Op is Transpose), 0, 1);
    }

    /// <summary>ONNX Runtime on a file, with the standard's arithmetic for integers.</summary>
    internal static OrtModel Oracle(byte[] onnx) => new(StandardArithmetic.Of(onnx));

    /// <summary>The first input's extents, 1 where the file leaves one open.</summary>
    internal static int[] ShapeOf(OrtModel oracle) =>
        Array.ConvertAll(oracle.Inputs[0].Dims, d => Math.Max(d, 1));

    /// <summary>The outputs of a model with one fp32 input.</summary>
    internal static OrtTensor[] Run(OrtModel oracle, float[] x) => oracle.Run(
    [
        new OrtTensor(
            oracle.Inputs[0].Name, DType.Float32, new Shape(ShapeOf(oracle)),
            MemoryMarshal.AsBytes(x.AsSpan()).ToArray()),
    ]);

    internal static ReadOnlySpan<float> Reals(OrtTensor tensor) =>
        MemoryMarshal.Cast<byte, float>(tensor.Bytes);

    internal static Model Convert(string file, OrtModel oracle) => Converter.Convert(
        Assets.PathOf(file),
        new ImportOptions
        {
            InputShapes = new Dictionary<string, int[]>
            {
                [oracle.Inputs[0].Name] = ShapeOf(oracle),
            },
        });

    static float[] Random(int count, float range, Random random)
    {
        var x = new float[count];
        for (int i = 0; i < count; i++)
        {
            x[i] = random.NextSingle() * range;
        }

        return x;
    }

    static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        // Relative to the largest: where terms cancel, a float has no digits to be right in.
        double largest = 0;
        foreach (float e in expected)
        {
            largest = Math.Max(largest, Math.Abs(e));
        }

        Check.Near(expected, actual, Relative, Relative * largest, what);
    }

    // The same winner, and 99.9 % of the scores at most a step away.
    static void Within(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float step)
    {
        Assert.Equal(Best(expected), Best(actual));
        int off = Off(expected, actual, step);
        Assert.True(off * 1000 <= expected.Length * OffPerThousand,
            $"{off} of {expected.Length} scores are off by over a step");
    }

    /// <summary>How many scores differ by more than a step.</summary>
    internal static int Off(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float step)
    {
        int off = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            off += MathF.Abs(expected[i] - actual[i]) > 1.01f * step ? 1 : 0;
        }

        return off;
    }

    internal static int Best(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    internal static float LastScale(Model model)
    {
        Node last = model.Main.Nodes.Last(n => n.Op is Dequantize);
        return model.Main.Values[last.Inputs[0]].Quant!.Scale;
    }

    static float[] Stored(string name)
    {
        byte[] bytes = Assets.Bytes($"onnx/mobilenet_v3_qdq/test_data_set_0/{name}");
        TensorData tensor = TensorData.Read(
            TensorProto.Parser.ParseFrom(bytes), name, new ExternalData(folder: null));
        return MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray();
    }
}
