using EdgeDL.Convert.Passes;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Passes;

/// <summary>Each pass does what it is for, and the graph computes what it did before.</summary>
public sealed class PassTests
{
    static readonly Quantization Bytes = new(0.05f, -3);
    static readonly ConvWindow2D Unpadded = new(ConvAxis.Unit, ConvAxis.Unit);

    [Fact]
    public void Nodes_that_nothing_reads_go()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Float32, new Shape(2, 3));
        b.Node(new Exp(), "dead", [x]);
        b.Output(b.Node(new Neg(), "y", [x]));

        Same(b, [OpCode.Neg], tolerance: 0);
    }

    [Fact]
    public void Constant_subgraphs_are_computed()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Float32, new Shape(2, 3));
        int c = b.Constant<float>("c", new Shape(3), [1, 4, 9]);
        int root = b.Node(new Sqrt(), "root", [c]);
        b.Output(b.Node(new Mul(Activation.None), "y", [x, root]));

        Same(b, [OpCode.Mul], tolerance: 0);
    }

    [Fact]
    public void Reshapes_in_a_row_become_one_and_idle_ones_go()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Float32, new Shape(2, 3));
        int r = b.Node(new Reshape([6]), "r", [x]);
        int s = b.Node(new Reshape([2, 3]), "s", [r]);
        b.Output(b.Node(new Neg(), "y", [s]));

        Same(b, [OpCode.Neg], tolerance: 0);
    }

    [Fact]
    public void Transposes_cancel_across_an_elementwise_op()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Float32, new Shape(2, 3, 4));
        int t = b.Node(new Transpose([2, 0, 1]), "t", [x]);
        int f = b.Node(new Tanh(), "f", [t]);
        b.Output(b.Node(new Transpose([1, 2, 0]), "y", [f]));

        Same(b, [OpCode.Tanh], tolerance: 0);
    }

    [Fact]
    public void A_transpose_of_unit_axes_is_a_reshape()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Float32, new Shape(1, 3, 1, 4));
        int t = b.Node(new Transpose([1, 0, 3, 2]), "t", [x]);
        b.Output(b.Node(new Neg(), "y", [t]));

        Same(b, [OpCode.Reshape, OpCode.Neg], tolerance: 0);
    }

    [Fact]
    public void Batch_norm_goes_into_the_convolution()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Float32, new Shape(1, 5, 5, 2));
        int w = b.Constant<float>("w", new Shape(3, 2, 2, 2), Ramp(24));
        int y = b.Node(new Conv2D(Unpadded, Activation.None), "conv", [x, w]);
        int m = b.Constant<float>("m", new Shape(3), [0.5f, 2, -1]);
        int a = b.Constant<float>("a", new Shape(1, 1, 1, 3), [1, 2, 3]);
        y = b.Node(new Mul(Activation.None), "mul", [y, m]);
        b.Output(b.Node(new Add(Activation.Relu6), "add", [y, a]));

        Same(b, [OpCode.Conv2D], tolerance: 1e-5f);
    }

    [Fact]
    public void Batch_norm_goes_into_the_depthwise_convolution()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Float32, new Shape(1, 5, 5, 2));
        int w = b.Constant<float>("w", new Shape(1, 3, 3, 4), Ramp(36));
        int bias = b.Constant<float>("bias", new Shape(4), [1, -1, 2, -2]);
        int y = b.Node(new DepthwiseConv2D(Unpadded, Activation.None), "conv", [x, w, bias]);
        int gamma = b.Constant<float>("gamma", new Shape(4), [1, 2, 3, 4]);
        int beta = b.Constant<float>("beta", new Shape(4), [-1, 0, 1, 2]);
        int variance = b.Constant<float>("variance", new Shape(4), [1, 4, 0.25f, 2]);
        b.Output(b.Node(new BatchNorm(1e-3f), "norm", [y, gamma, beta, beta, variance]));

        Same(b, [OpCode.DepthwiseConv2D], tolerance: 1e-5f);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Int8)]
    public void A_border_of_zeros_becomes_padding(DType type)
    {
        var b = new GraphBuilder("g");
        Quantization? quant = type == DType.Int8 ? Bytes : null;
        int x = b.Input("x", type, new Shape(1, 4, 5, 2), quant);
        int p = b.Node(new Pad([0, 1, 2, 0], [0, 0, 1, 0]), "pad", [x], quant);
        b.Output(Convolve(b, type, p));

        Same(b, [OpCode.Conv2D], tolerance: 0);
    }

    [Theory]
    [InlineData(DType.Float32, 0)]
    [InlineData(DType.Float32, 1)]
    [InlineData(DType.Int8, 0)]
    [InlineData(DType.Int8, 1)]
    [InlineData(DType.Int8, 2)]
    public void A_relu_becomes_the_convolutions_clamp(DType type, int which)
    {
        var b = new GraphBuilder("g");
        Quantization? quant = type == DType.Int8 ? Bytes : null;
        int x = b.Input("x", type, new Shape(1, 4, 5, 2), quant);
        Op relu = which switch { 0 => new Relu(), 1 => new Relu6(), _ => new ReluN1To1() };
        b.Output(b.Node(relu, "relu", [Convolve(b, type, x)], quant));

        Same(b, [OpCode.Conv2D], tolerance: 0);
    }

    [Fact]
    public void A_relu_to_another_scale_stays()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Int8, new Shape(1, 4, 5, 2), Bytes);
        int y = Convolve(b, DType.Int8, x);
        b.Output(b.Node(new Relu(), "relu", [y], new Quantization(0.02f, -128)));

        Same(b, [OpCode.Conv2D, OpCode.Relu], tolerance: 0);
    }

    [Fact]
    public void Dequantize_and_quantize_undo_each_other_around_a_move()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Int8, new Shape(4, 6), Bytes);
        int f = b.Node(new Dequantize(), "d", [x]);
        f = b.Node(new Transpose([1, 0]), "t", [f]);
        b.Output(b.Node(new Quantize(DType.Int8), "q", [f], Bytes));

        Same(b, [OpCode.Transpose], tolerance: 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_function_between_dequantize_and_quantize_keeps_its_256_results(int which)
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Int8, new Shape(256), Bytes);
        int f = b.Node(new Dequantize(), "d", [x]);
        Op op = which switch
        {
            0 => new Relu(), 1 => new Logistic(), 2 => new Tanh(), _ => new Abs(),
        };
        f = b.Node(op, "f", [f]);
        var to = new Quantization(1 / 256f, -128);
        b.Output(b.Node(new Quantize(DType.Int8), "q", [f], to));

        Same(b, expected: null, tolerance: 0);
    }

    [Fact]
    public void A_caller_keeps_the_names_of_outputs()
    {
        var b = new GraphBuilder("g");
        int x = b.Input("x", DType.Float32, new Shape(2, 3));
        b.Output(b.Node(new Identity(), "first", [x]));
        int y = b.Node(new Neg(), "neg", [x]);
        b.Output(b.Node(new Identity(), "second", [y]));

        PassPipeline.Run(b.Model, log: null);

        Assert.Equal(["first", "second"], b.Graph.Outputs.Select(o => b.Graph.Values[o].Name));
    }

    static int Convolve(GraphBuilder b, DType type, int x)
    {
        var conv = new Conv2D(Unpadded, Activation.None);
        if (type == DType.Float32)
        {
            return b.Node(conv, "conv",
                [x, b.Constant<float>("w", new Shape(3, 2, 2, 2), Ramp(24))]);
        }

        sbyte[] w = [.. Enumerable.Range(0, 24).Select(i => (sbyte)(i * 11 - 127))];
        var scales = new Quantization([0.01f, 0.02f, 0.005f], [0], axis: 0);
        return b.Node(conv, "conv",
            [x, b.Constant<sbyte>("w", new Shape(3, 2, 2, 2), w, scales)], Bytes);
    }

    static float[] Ramp(int count) =>
        [.. Enumerable.Range(0, count).Select(i => 0.1f * (i % 7) - 0.25f)];

    // The same outputs before and after; the op codes left, unless any will do.
    static void Same(GraphBuilder b, OpCode[]? expected, float tolerance)
    {
        byte[] before = Run(b.Model);
        PassPipeline.Run(b.Model, log: null);
        byte[] after = Run(b.Model);
        if (expected is not null)
        {
            Assert.Equal(expected, b.Graph.Nodes.Select(n => n.Op.OpCode));
        }

        if (tolerance == 0)
        {
            Check.Same<byte>(before, after, "after the passes");
            return;
        }

        for (int i = 0; i < before.Length; i += sizeof(float))
        {
            float e = BitConverter.ToSingle(before, i);
            float a = BitConverter.ToSingle(after, i);
            Assert.True(MathF.Abs(e - a) <= tolerance * MathF.Max(1, MathF.Abs(e)), $"{a} for {e}");
        }
    }

    static byte[] Run(Model model)
    {
        using var session = new Session(model);
        TensorView x = session.Input(0);
        for (int i = 0; i < x.Elements; i++)
        {
            if (x.DType == DType.Float32)
            {
                x.AsSpan<float>()[i] = MathF.Sin(i) * 3;
            }
            else
            {
                x.AsBytes()[i] = (byte)(i * 37);
            }
        }

        session.Run();
        return session.Output(0).AsBytes().ToArray();
    }
}
