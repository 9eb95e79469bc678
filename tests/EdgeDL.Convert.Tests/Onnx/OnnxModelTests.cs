using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Devices.Media;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>The real .onnx files, converted with all passes, against ONNX Runtime.</summary>
public sealed class OnnxModelTests
{
    const int Inputs = 20;
    const double Relative = 1e-4;

    // One activation of five million that is rounded the other way becomes hundreds of scores a
    // step or two away at the end of this net: its layers enlarge differences. So the layers are
    // compared one by one (OnnxLayerTests), and the whole where it is sure of its answer.
    const int ClearSteps = 4;

    static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    static readonly Lazy<Image[]> Photos = new(() => [.. new[]
    {
        "images/grace_hopper.bmp", "images/resized_cat.bmp", "images/burger.jpg",
        "images/cats_and_dogs.jpg", "detect/street.jpg",
    }.Select(name => ImageFile.Load(Assets.PathOf(name)).WithChannels(3))]);

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
        using var oracle = new OnnxOracle(Assets.PathOf(file));
        using Model model = Convert(file, oracle);
        using var session = new Session(model);
        var random = new Random(1);
        for (int run = 0; run < Inputs; run++)
        {
            float[] x = Random(session.Input(0).Elements, range, random);
            x.CopyTo(session.Input(0).AsSpan<float>());
            session.Run();
            foreach ((string name, float[] expected) in oracle.Run(x))
            {
                Near(expected, session.Output(name).AsSpan<float>(), $"{file} {name}");
            }
        }

        Assert.InRange(model.Main.Nodes.Count(n => n.Op is Transpose), 0, transposes);
    }

    [AssetFact]
    public void Clear_winners_are_the_same()
    {
        using var oracle = new OnnxOracle(Assets.PathOf(Quantized));
        using Model model = Convert(Quantized, oracle);
        using var session = new Session(model);
        float step = LastScale(model);
        var random = new Random(1);
        int clear = 0;
        for (int run = 0; run < Inputs; run++)
        {
            float[] x = Cutting(oracle.InputShape, random);
            x.CopyTo(session.Input(0).AsSpan<float>());
            session.Run();
            float[] expected = oracle.Run(x).Single().Value;
            float[] ordered = [.. expected.OrderDescending()];
            if (ordered[0] - ordered[1] > ClearSteps * step)
            {
                clear++;
                SameBest(expected, session.Output(0).AsSpan<float>());
            }
        }

        Assert.InRange(clear, Inputs / 4, Inputs);
    }

    [AssetFact]
    public void The_stored_picture_gives_the_stored_scores()
    {
        using var oracle = new OnnxOracle(Assets.PathOf(Quantized));
        using Model model = Convert(Quantized, oracle);
        using var session = new Session(model);
        Stored("input_0.pb").CopyTo(session.Input(0).AsSpan<float>());
        session.Run();
        float[] expected = Stored("output_0.pb");
        Span<float> actual = session.Output(0).AsSpan<float>();
        SameBest(expected, actual);
        int off = Off(expected, actual, LastScale(model));
        Assert.True(off <= 1, $"{off} of {expected.Length} scores are off by over a step");
    }

    [AssetFact]
    public void A_quantized_net_runs_on_integers_throughout()
    {
        using var oracle = new OnnxOracle(Assets.PathOf(Quantized));
        using Model model = Convert(Quantized, oracle);
        Graph graph = model.Main;
        Assert.Equal(1, graph.Nodes.Count(n => n.Op is Dequantize));
        Assert.Equal(1, graph.Nodes.Count(n => n.Op is Quantize));
        Assert.All(graph.Nodes.Where(n => n.Op is Conv2D or DepthwiseConv2D or FullyConnected),
            n => Assert.Equal(DType.Int8, graph.Values[n.Inputs[0]].DType));
        Assert.InRange(graph.Nodes.Count(n => n.Op is Transpose), 0, 1);
    }

    static Model Convert(string file, OnnxOracle oracle) => Converter.Convert(
        Assets.PathOf(file),
        new ImportOptions
        {
            InputShapes = new Dictionary<string, int[]> { [oracle.InputName] = oracle.InputShape },
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

    // A random cutting of a photo, normalized as ImageNet's are. Noise would say nothing: a net
    // that was trained on pictures answers it with ties.
    internal static float[] Cutting(int[] shape, Random random)
    {
        Image photo = Photos.Value[random.Next(Photos.Value.Length)];
        (int height, int width) = (shape[2], shape[3]);
        int least = Math.Min(photo.Width, photo.Height);
        int side = random.Next(Math.Min(least, 150), least + 1);
        int left = random.Next(photo.Width - side + 1);
        int top = random.Next(photo.Height - side + 1);
        var x = new float[3 * height * width];
        for (int c = 0; c < 3; c++)
        {
            for (int i = 0; i < height * width; i++)
            {
                int row = top + (i / width * side / height);
                int column = left + (i % width * side / width);
                float sample = photo.Pixels[(((row * photo.Width) + column) * 3) + c] / 255f;
                x[(c * height * width) + i] = (sample - Mean[c]) / Deviation[c];
            }
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

    static void SameBest(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        int best = expected.IndexOf(Largest(expected));
        Assert.Equal(Largest(actual), actual[best]);
    }

    static float Largest(ReadOnlySpan<float> values)
    {
        float largest = float.NegativeInfinity;
        foreach (float v in values)
        {
            largest = MathF.Max(largest, v);
        }

        return largest;
    }

    static int Off(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float step)
    {
        int off = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            off += MathF.Abs(expected[i] - actual[i]) > 1.01f * step ? 1 : 0;
        }

        return off;
    }

    static float LastScale(Model model)
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
