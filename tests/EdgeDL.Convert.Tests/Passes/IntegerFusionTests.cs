using EdgeDL.Convert.Passes;
using EdgeDL.Graphs;
using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Passes;

/// <summary>
/// Quantized graphs written as dequantize → op → quantize become integer ops. Functions of one and
/// two numbers keep the bits of the detour through floats; sums are one step at most from it.
/// </summary>
public sealed class IntegerFusionTests
{
    static readonly ConvWindow2D Padded = new(new(1, 1, 1, 1), new(1, 1, 1, 1));
    readonly GraphBuilder b = new("g");
    readonly Random random = new(3);

    public static TheoryData<DType, DType, int, bool> Layers => new()
    {
        { DType.Int8, DType.Int8, 0, false }, { DType.Int8, DType.Int8, 0, true },
        { DType.UInt8, DType.Int8, 0, false }, { DType.UInt8, DType.Int8, 0, true },
        { DType.UInt8, DType.UInt8, 128, false }, { DType.UInt8, DType.UInt8, 117, false },
        { DType.Int8, DType.UInt8, 128, false }, { DType.Int8, DType.Int8, 5, false },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Convolutions(DType x, DType w, int zero, bool perChannel)
    {
        int f = Input(x, 1, 6, 6, 4);
        int y = Node(new Conv2D(Padded, Activation.None), f,
            Weights(w, zero, perChannel ? 0 : -1, 8, 3, 3, 4), Bias(8));
        y = Again(Node(new Relu(), y), x, 0.06f, x == DType.Int8 ? -128 : 0);
        y = Node(new DepthwiseConv2D(Padded, Activation.None), y,
            Weights(w, zero, perChannel ? 3 : -1, 1, 3, 3, 8), Bias(8));
        Integers(y, x);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Fully_connected_layers(DType x, DType w, int zero, bool perChannel)
    {
        int y = Node(new Reshape([2, 12]), Input(x, 2, 3, 4));
        y = Node(new FullyConnected(false, Activation.None), y,
            Weights(w, zero, perChannel ? 0 : -1, 5, 12), Bias(5));
        Integers(y, x);
    }

    [Theory]
    [InlineData(DType.Int8)]
    [InlineData(DType.UInt8)]
    public void Operands_without_constants(DType type)
    {
        int a = Input(type, 1, 4, 6);
        int c = Again(Node(new Mul(Activation.None), a, a), type, 0.2f, 7);
        int d = Again(Node(new Sub(Activation.None), a, c), type, 0.21f, -3 + Middle(type));
        int e = Again(Node(new BatchMatMul(false, true), c, d), type, 3f, Middle(type));
        Integers(Node(new Add(Activation.None), e, Input(type, 4, 4)), type);
    }

    [Theory]
    [InlineData(DType.Int8)]
    [InlineData(DType.UInt8)]
    public void Pools_and_means_reach_another_scale(DType type)
    {
        int x = Input(type, 1, 6, 6, 4);
        var window = new PoolWindow2D
        {
            KernelHeight = 2, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2,
        };
        int a = Again(Node(new AveragePool2D(window, Activation.None), x), type, 0.04f, 3);
        int m = Again(Node(new MaxPool2D(window, Activation.None), x), type, 0.05f, 5);
        int y = Again(Node(new Concat(3), a, m), type, 0.05f, 4);
        var whole = new PoolWindow2D { KernelHeight = 3, KernelWidth = 3 };
        y = Again(Node(new AveragePool2D(whole, Activation.None), y), type, 0.03f, 2);
        Integers(Node(new Mean(new ReduceAxes([1, 2], KeepDims: false)), y), type);
    }

    [Theory]
    [InlineData(DType.Int8)]
    [InlineData(DType.UInt8)]
    public void General_resizes_and_maxima(DType type)
    {
        ResizedAxis[] axes = [new(1, 9, 1.5f), new(2, 4, 4 / 6f)];
        int x = Input(type, 1, 6, 6, 4);
        int n = Node(new Resize(
            new(ResizeMethod.Nearest, 0, ResizeRounding.Ceiling), 0, axes), x);
        PoolWindow[] windows = [new(2, 1, 2, 1, 1, 9), new(2, 1, 1, 0, 1, 4)];
        int m = Node(new PoolNd(PoolKind.Max, windows, 1, false), n);
        Integers(Node(new Concat(3), n, Again(m, type, 0.05f, 5)), type);
    }

    [Fact]
    public void Interpolation_stays_in_floats()
    {
        int y = Node(new Resize(
            new(ResizeMethod.Linear, ResizeCoordinates.PytorchHalfPixel, 0), 0,
            [new(1, 9, 1.5f), new(2, 4, 4 / 6f)]), Input(DType.Int8, 1, 6, 6, 4));
        b.Output(Quantized(y, DType.Int8, 0.05f, 3));
        Compare();
        Assert.Equal(1, Rewriting.Count<Dequantize>(b));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Functions_of_one_number(int which)
    {
        Op[] all =
        [
            new Logistic(), new Tanh(), new HardSwish(), new HardSigmoid(0.2f, 0.5f),
            new LeakyRelu(0.1f), new Clip(-1, 2), new Elu(1), new Gelu(),
        ];
        foreach (DType type in new[] { DType.Int8, DType.UInt8 })
        {
            int y = Node(all[which], Input(type, 16, 16));
            b.Output(Quantized(y, type, 0.0213f, Middle(type) - 20));
        }

        Compare();
        Assert.Equal(0, Rewriting.Count<Dequantize>(b));
    }

    [Fact]
    public void Softmax_of_bytes()
    {
        int y = Node(new Softmax(1, 1), Input(DType.Int8, 4, 10));
        b.Output(Quantized(y, DType.Int8, 1 / 256f, -128));
        y = Node(new Softmax(1, 1), Input(DType.UInt8, 4, 10));
        b.Output(Quantized(y, DType.UInt8, 1 / 256f, 0));
        Compare();
        Assert.Equal(0, Rewriting.Count<Dequantize>(b));
    }

    [Fact]
    public void Moves_between_dequantize_and_quantize()
    {
        int x = Input(DType.UInt8, 1, 4, 6, 2);
        int y = Node(new Transpose([0, 3, 1, 2]), x);
        int[] parts = b.Node(new Split(1, [1, 1]), "s", [y], ["a", "b"], [null, null]);
        y = Node(new Reshape([4, 6]), parts[0]);
        y = Node(new Slice([1, 1], [2, 3]), Node(new Pad([0, 1], [1, 0]), y));
        Integers(y, DType.UInt8);
        Assert.Equal(0, Rewriting.Count<Quantize>(b) - 1);
    }

    [Theory]
    [InlineData(DType.Int8)]
    [InlineData(DType.UInt8)]
    public void A_net_along_one_axis_with_borders_of_zeros(DType type)
    {
        int x = Input(type, 1, 4, 20);
        for (int layer = 0; layer < 2; layer++)
        {
            int zero = b.Constant<float>("zero", Shape.Scalar, [0]);
            int y = Node(new Pad([0, 0, 1], [0, 0, 1]), x, zero);
            y = Node(new Transpose([0, 2, 3, 1]), Node(new Reshape([1, 4, 1, 22]), y));
            int w = Node(new Reshape([4, 4, 1, 3]), Weights(DType.Int8, 0, 0, 4, 4, 3));
            w = Node(new Transpose([0, 2, 3, 1]), w);
            y = Node(new Conv2D(new(ConvAxis.Unit, ConvAxis.Unit), Activation.None), y, w, Bias(4));
            y = Node(new Reshape([1, 4, 20]), Node(new Transpose([0, 3, 1, 2]), y));
            x = Again(Node(new Relu(), y), type, 0.06f, type == DType.Int8 ? -128 : 0);
        }

        Integers(Node(new Add(Activation.None), x, x), type);
        Assert.Equal(2, Rewriting.Count<Transpose>(b));
    }

    [Fact]
    public void What_an_integer_op_refuses_stays_in_floats()
    {
        int y = Node(new Conv2D(Padded, Activation.None), Input(DType.Int8, 1, 4, 4, 3),
            Weights(DType.Int8, 9, 0, 2, 3, 3, 3));
        b.Output(Quantized(y, DType.Int8, 0.1f, 0));
        Compare();
        Conv2D conv = Assert.Single(b.Graph.Nodes.Select(n => n.Op).OfType<Conv2D>());
        Node node = b.Graph.Nodes.Single(n => n.Op == conv);
        Assert.Equal(DType.Float32, b.Graph.Values[node.Inputs[1]].DType);
    }

    [Fact]
    public void A_clamp_that_the_quantization_makes_goes()
    {
        int y = Node(new Clip(0, 6), Node(new Tanh(), Input(DType.Int8, 16, 16)));
        b.Output(Quantized(y, DType.Int8, 6 / 255f, -128));
        Compare();
        Assert.Equal([OpCode.Tanh], b.Graph.Nodes.Select(n => n.Op.OpCode));
    }

    [Theory]
    [InlineData(DType.Int8, DType.UInt8)]
    [InlineData(DType.UInt8, DType.Int8)]
    public void A_shift_between_signed_and_unsigned_is_exact(DType from, DType to)
    {
        var quant = new Quantization(0.037f, from == DType.Int8 ? -11 : 117);
        var twin = new Quantization(0.037f, from == DType.Int8 ? 117 : -11);
        int x = b.Input("x", from, new Shape(256), quant);
        b.Output(b.Node(new Quantize(to), "y", [x], twin));
        foreach (byte[][] run in Rewriting.Run(b.Model))
        {
            Assert.Equal(256, run[0].Length);
        }

        using var session = new Execution.Session(b.Model);
        for (int i = 0; i < 256; i++)
        {
            session.Input(0).AsBytes()[i] = (byte)i;
        }

        session.Run();
        for (int i = 0; i < 256; i++)
        {
            Assert.Equal((byte)(i ^ 128), session.Output(0).AsBytes()[i]);
        }
    }

    static int Middle(DType type) => type == DType.Int8 ? 0 : 128;

    int Node(Op op, params int[] inputs) => b.Node(op, op.OpCode.ToString(), inputs);

    int Input(DType type, params int[] dims) => Node(new Dequantize(), b.Input(
        "x", type, new Shape(dims), ToEven(0.05f, Middle(type) + 3)));

    static Quantization ToEven(float scale, int zero) =>
        new(scale, zero) { Rounding = Rounding.ToEven };

    int Quantized(int x, DType type, float scale, int zero) =>
        b.Node(new Quantize(type), "q", [x], ToEven(scale, zero));

    int Again(int x, DType type, float scale, int zero) =>
        Node(new Dequantize(), Quantized(x, type, scale, zero));

    int Weights(DType type, int zero, int axis, params int[] dims)
    {
        var shape = new Shape(dims);
        var bytes = new byte[shape.Elements];
        random.NextBytes(bytes);
        float[] scales = axis < 0 ? [0.004f]
            : [.. Enumerable.Range(0, shape[axis]).Select(i => 0.002f + 0.001f * i)];
        var quant = axis < 0
            ? new Quantization(scales[0], zero)
            : new Quantization(scales, [zero], axis);
        return Node(new Dequantize(),
            b.Constant("w", type, shape, Constant.Copy<byte>(bytes), quant));
    }

    int Bias(int channels)
    {
        int[] values = [.. Enumerable.Range(0, channels).Select(_ => random.Next(-9000, 9000))];
        return Node(new Dequantize(), b.Constant<int>(
            "bias", new Shape(channels), values, new Quantization(0.0002f, 0)));
    }

    // One more quantization, then only integers between the inputs and the output.
    void Integers(int y, DType type)
    {
        b.Output(Quantized(y, type, 0.11f, Middle(type) - 9));
        bool stays = b.Graph.Nodes.Exists(n => n.Op is Conv2D or FullyConnected
            && b[b.Graph.Nodes.Single(m => m.Outputs[0] == n.Inputs[1]).Inputs[0]] is
                { DType: DType.Int8, Quant.ZeroPoint: not 0 });
        Compare();
        if (!stays)
        {
            Assert.True(Rewriting.Count<Dequantize>(b) == 0, string.Join("\n", b.Graph.Nodes));
            Assert.DoesNotContain(b.Graph.Nodes,
                n => b.Graph.Values[n.Outputs[0]].DType == DType.Float32);
        }
    }

    void Compare()
    {
        byte[][][] before = Rewriting.Run(b.Model);
        PassPipeline.RunWithinOneStep(b.Model, log: null);
        byte[][][] after = Rewriting.Run(b.Model);
        int values = 0;
        int off = 0;
        for (int run = 0; run < before.Length; run++)
        {
            for (int o = 0; o < before[run].Length; o++)
            {
                bool signed = b.Graph.Values[b.Graph.Outputs[o]].DType == DType.Int8;
                for (int i = 0; i < before[run][o].Length; i++)
                {
                    byte e = before[run][o][i];
                    byte a = after[run][o][i];
                    int step = Math.Abs(signed ? (sbyte)e - (sbyte)a : e - a);
                    Assert.True(step <= 1, $"output {o}[{i}] is {a}, expected {e}");
                    values++;
                    off += step;
                }
            }
        }

        Assert.True(off <= Math.Max(3, values / 25), $"{off} of {values} are one step off");
    }
}
