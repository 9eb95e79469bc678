using EdgeDL.Convert.Patching;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Patching;

/// <summary>Made layers of every kind that can be cut, with random windows.</summary>
public sealed class PatchLayerTests
{
    [Fact]
    public void Random_chains_keep_their_bits()
    {
        int cut = 0;
        for (int seed = 0; seed < Settings.Count(150, 5000); seed++)
        {
            using Model whole = Chain(seed);
            using Model patched = Chain(seed);
            PatchReport report = Patcher.Shrink(patched);
            cut += report.Layers.Count > 0 ? 1 : 0;
            Assert.True(report.BytesAfter <= report.BytesBefore, $"seed {seed}");
            using Model loaded = Model.Load(patched.ToBytes(), OpSet.All);
            using var a = new Session(whole);
            using var b = new Session(loaded, new SessionOptions { Threads = 1 + (seed % 2) });
            Models.PackedModels.Fill(a, seed);
            Models.PackedModels.Fill(b, seed);
            a.Run();
            b.Run();
            Check.Same<byte>(
                Models.PackedModels.Output(a, 0), Models.PackedModels.Output(b, 0),
                $"seed {seed}");
        }

        Assert.True(cut > 30, $"only {cut} chains were cut");
    }

    [Fact]
    public void A_maximum_and_a_convolution_that_pad_one_tensor_differently_are_not_cut_together()
    {
        var b = new GraphBuilder("both");
        int x = b.Input("x", DType.Int8, new Shape(1, 32, 32, 2), Q);
        int y = Same(b, x, 2, 8, new Random(1));
        int pooled = b.Node(Pool(3, 1, 1, 1), "pool", [y], Q);
        int conv = Same(b, y, 8, 8, new Random(2));
        int sum = b.Node(new Add(Activation.None), "sum", [pooled, conv], Q);
        b.Output(Conv(b, sum, 8, 2, 3, 4, 1, new Random(3)));
        PatchReport report = Patcher.Shrink(b.Model);
        Assert.DoesNotContain(report.Layers, l => l.Layers > 3);
        using var session = new Session(b.Model);
        session.Run();
    }

    static Quantization Q => new(0.05f, -4);

    static Model Chain(int seed)
    {
        var random = new Random(seed);
        var b = new GraphBuilder($"chain {seed}");
        int channels = random.Next(1, 4);
        int x = b.Input(
            "x", DType.Int8,
            new Shape(random.Next(1, 3), random.Next(9, 40), random.Next(9, 40), channels), Q);
        int layers = random.Next(2, 7);
        for (int i = 0; i < layers && b[x].Shape[1] > 7 && b[x].Shape[2] > 7; i++)
        {
            int kernel = random.Next(1, 5);
            int stride = random.Next(1, 3);
            int pad = random.Next(0, kernel);
            int outputs = random.Next(1, 9);
            int from = x;
            switch (random.Next(6))
            {
                case 0:
                    x = b.Node(Pool(kernel, stride, pad, pad / 2), $"max {i}", [x], Q);
                    break;
                case 1:
                    x = b.Node(
                        new AveragePool2D(Window(kernel, stride, 0, 0), Activation.None),
                        $"mean {i}", [x], Q);
                    break;
                case 2:
                    x = Depthwise(b, x, channels, kernel, stride, pad, random);
                    break;
                case 3:
                    int middle = Same(b, x, channels, channels, random);
                    x = b.Node(new Add(Activation.Relu), $"sum {i}", [middle, from], Q);
                    break;
                case 4:
                    x = b.Node(new Logistic(), $"logistic {i}", [x], Q);
                    break;
                default:
                    x = Conv(b, x, channels, outputs, kernel, stride, pad, random);
                    channels = outputs;
                    break;
            }
        }

        b.Output(x);
        return b.Model;
    }

    static int Same(GraphBuilder b, int x, int channels, int outputs, Random random)
    {
        int w = Weights(b, new Shape(outputs, 3, 3, channels), random);
        var axis = new ConvAxis(1, 1, 1, 1);
        return b.Node(
            new Conv2D(new(axis, axis), Activation.None), $"same {x}", [x, w], Q);
    }

    static int Conv(
        GraphBuilder b, int x, int channels, int outputs, int kernel, int stride, int pad,
        Random random)
    {
        int w = Weights(b, new Shape(outputs, kernel, kernel, channels), random);
        return b.Node(
            new Conv2D(Axes(stride, pad, random), Activation.None), $"conv {x}", [x, w], Q);
    }

    static int Depthwise(
        GraphBuilder b, int x, int channels, int kernel, int stride, int pad, Random random)
    {
        int w = Weights(b, new Shape(1, kernel, kernel, channels), random);
        return b.Node(
            new DepthwiseConv2D(Axes(stride, pad, random), Activation.Relu), $"depthwise {x}",
            [x, w], Q);
    }

    static ConvWindow2D Axes(int stride, int pad, Random random)
    {
        int dilation = random.Next(1, 3);
        int after = random.Next(0, pad + 1);
        return new(new(stride, dilation, pad, after), new(stride, 1, after, pad));
    }

    static int Weights(GraphBuilder b, Shape shape, Random random)
    {
        sbyte[] values = new sbyte[shape.Elements];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return b.Constant<sbyte>("w", shape, values, new Quantization(0.01f, 0));
    }

    static MaxPool2D Pool(int kernel, int stride, int before, int after) =>
        new(Window(kernel, stride, before, after), Activation.None);

    static PoolWindow2D Window(int kernel, int stride, int before, int after) => new()
    {
        KernelHeight = kernel,
        KernelWidth = kernel,
        StrideHeight = stride,
        StrideWidth = stride,
        PadTop = before,
        PadLeft = after,
        PadBottom = after,
        PadRight = before,
    };
}
