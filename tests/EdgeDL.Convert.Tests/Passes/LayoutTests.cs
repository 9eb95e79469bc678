using EdgeDL.Graphs;
using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Passes;

/// <summary>Transposes around spatial ops cancel, and the graph computes what it did.</summary>
public sealed class LayoutTests
{
    const float Tolerance = 2e-5f;
    readonly ChannelsFirst net = new(new GraphBuilder("g"));

    [Fact]
    public void A_residual_net_keeps_one_transpose_at_its_input()
    {
        int x = net.Node(new Relu(), net.Conv(net.Input(1, 3, 8, 8), 8, 3));
        for (int block = 0; block < 3; block++)
        {
            int y = net.Node(new Relu(), net.Conv(x, 8, 3));
            x = net.Node(new Relu(), net.Add(x, net.Conv(y, 8, 3)));
        }

        Head(x);
        Remaining(1);
    }

    [Fact]
    public void Squeeze_and_excitation_with_hard_functions()
    {
        int x = net.Node(new HardSwish(), net.Conv(net.Input(1, 3, 8, 8), 8, 3));
        for (int block = 0; block < 2; block++)
        {
            int y = net.Node(new HardSwish(), net.Depthwise(x));
            int s = net.Node(new Mean(new ReduceAxes([2, 3], KeepDims: true)), y);
            s = net.Node(new Relu(), net.Conv(s, 4));
            s = net.Node(new HardSigmoid(1 / 6f, 0.5f), net.Conv(s, 8));
            x = net.Add(x, net.Conv(net.Mul(y, s), 8));
        }

        Head(x);
        Remaining(1);
        Assert.DoesNotContain(net.Builder.Graph.Nodes, n => n.Op is Relu);
    }

    [Fact]
    public void Squeeze_and_excitation_through_fully_connected_layers()
    {
        int y = net.Conv(net.Input(1, 3, 8, 8), 8, 3);
        int s = net.Node(new Mean(new ReduceAxes([2, 3], KeepDims: false)), y);
        s = net.Node(new Logistic(), net.Dense(net.Node(new Relu(), net.Dense(s, 4)), 8));
        int x = net.Conv(net.Mul(y, net.Reshape(s, 1, 8, 1, 1)), 8);
        Head(x);
        Remaining(1);
    }

    [Fact]
    public void A_channel_shuffle_keeps_its_own_transpose()
    {
        int x = net.Conv(net.Input(1, 3, 8, 8), 8, 3);
        int s = net.Reshape(x, 1, 2, 4, 8, 8);
        s = net.Node(new Transpose([0, 2, 1, 3, 4]), s);
        x = net.Conv(net.Reshape(s, 1, 8, 8, 8), 8);
        Head(x);
        Remaining(2);
    }

    [Fact]
    public void A_shuffle_that_ends_in_two_halves_needs_no_transpose()
    {
        int x = net.Conv(net.Input(1, 3, 8, 8), 8, 3);
        int s = net.Reshape(x, 4, 2, 64);
        s = net.Reshape(net.Node(new Transpose([1, 0, 2]), s), 2, 1, 4, 8, 8);
        int left = net.Node(new Gather(0, 0), s, net.Indices(0));
        int right = net.Node(new Gather(0, 0), s, net.Indices(1));
        right = net.Node(new Relu(), net.Conv(right, 4));
        Head(net.Node(new Concat(1), left, right));
        Remaining(1);
    }

    [Fact]
    public void Splits_slices_pads_and_concats_follow()
    {
        int x = net.Conv(net.Input(1, 3, 8, 8), 8, 3);
        GraphBuilder b = net.Builder;
        int[] halves = b.Node(new Split(1, [3, 5]), "split", [x], ["a", "b"], [null, null]);
        int c = net.Node(new Slice([0, 1, 2, 0], [1, 4, 4, 8]), halves[1]);
        c = net.Node(new Pad([0, 0, 2, 0], [0, 0, 2, 0]), c);
        int d = net.Node(new StridedSlice([0, 2, 0, 7], [1, 1, 8, 8], [1, 1, 1, -1], [1, 1, 8, 8]),
            halves[0]);
        d = net.Node(new MirrorPad([0, 0, 1, 0], [0, 0, 0, 1], symmetric: false), d);
        d = net.Node(new Slice([0, 0, 0, 1], [1, 1, 8, 8]),
            net.Node(new Slice([0, 0, 1, 0], [1, 1, 8, 9]), d));
        x = net.Node(new Concat(1), halves[0], c, d);
        x = net.Node(new PRelu(), x, net.Weights(8, 1, 1));
        x = net.Node(new Softmax(1, 1), net.Node(new Clip(-3, 2), x));
        Head(net.Add(x, net.Weights(1, 8, 8, 8)));
        Remaining(1);
    }

    [Fact]
    public void A_resize_changes_the_axes_it_is_told()
    {
        int x = net.Conv(net.Input(1, 3, 8, 8), 8, 3);
        var rule = new ResizeRule(ResizeMethod.Cubic, ResizeCoordinates.HalfPixel, 0);
        x = net.Node(new Resize(rule, 0, [new(2, 12, 1.5f), new(3, 5, 0.625f)]), x);
        Head(net.Conv(x, 4, 3));
        Remaining(1);
    }

    [Fact]
    public void A_flattened_tensor_permutes_the_weights()
    {
        int x = net.Node(new HardSwish(), net.Conv(net.Input(2, 3, 6, 6), 4, 3));
        net.Builder.Output(net.Dense(net.Reshape(x, 2, 4 * 36), 5));
        Remaining(1);
    }

    [Fact]
    public void Detection_heads_read_channels_last_as_they_are()
    {
        int x = net.Conv(net.Input(1, 3, 8, 8), 8, 3);
        for (int level = 0; level < 2; level++)
        {
            int h = net.Node(new Transpose([0, 2, 3, 1]), net.Conv(x, 4));
            net.Builder.Output(net.Node(new Logistic(), net.Reshape(h, 1, 64, 4)));
        }

        Remaining(1);
    }

    [Fact]
    public void Reductions_and_argmax_along_channels_follow()
    {
        int x = net.Conv(net.Input(1, 3, 8, 8), 8, 3);
        GraphBuilder b = net.Builder;
        int max = net.Node(new ReduceMax(new ReduceAxes([1], KeepDims: true)), x);
        int mean = net.Node(new Mean(new ReduceAxes([1], KeepDims: true)), x);
        int gate = net.Node(new Logistic(), net.Conv(net.Node(new Concat(1), mean, max), 1, 3));
        x = net.Conv(net.Mul(x, gate), 8);
        b.Output(net.Node(new ArgMax(1, true, DType.Int64), x));
        b.Output(net.Node(new Sum(new ReduceAxes([1], KeepDims: false)), x));
        Remaining(1);
    }

    [Fact]
    public void A_transpose_in_an_attention_block_is_not_multiplied()
    {
        GraphBuilder b = net.Builder;
        int x = b.Input("x", DType.Float32, new Shape(1, 6, 8));
        int q = Heads(x);
        int k = Heads(x);
        int v = Heads(x);
        int a = net.Node(new BatchMatMul(false, true), q, k);
        a = net.Node(new BatchMatMul(false, false), net.Node(new Softmax(3, 1), a), v);
        b.Output(net.Reshape(net.Node(new Transpose([0, 2, 1, 3]), a), 1, 6, 8));
        Rewriting.Check(b, Tolerance);
        Assert.True(Rewriting.Count<Transpose>(b) <= 4);
    }

    [Fact]
    public void Outputs_keep_their_layout()
    {
        int x = net.Node(new Tanh(), net.Conv(net.Input(1, 3, 8, 8), 8, 3));
        net.Builder.Output(x);
        net.Builder.Output(net.Conv(x, 8));
        Remaining(3);
    }

    [Fact]
    public void Quantized_tensors_are_transposed_as_bytes()
    {
        GraphBuilder b = net.Builder;
        var bytes = new Quantization(0.05f, 3);
        int x = b.Input("x", DType.Int8, new Shape(1, 3, 8, 8), bytes);
        int y = net.Conv(b.Node(new Dequantize(), "d", [x]), 4, 3);
        b.Output(b.Node(new Quantize(DType.Int8), "q", [y], bytes));
        Rewriting.Check(b, Tolerance);
        Assert.All(b.Graph.Nodes.Where(n => n.Op is Transpose),
            n => Assert.Equal(DType.Int8, b[n.Inputs[0]].DType));
    }

    [Fact]
    public void Convolutions_along_one_axis_are_planes_of_height_one()
    {
        int x = net.Input(1, 4, 20);
        for (int layer = 0; layer < 3; layer++)
        {
            x = net.Reshape(x, 1, net.Builder[x].Shape[1], 1, 20);
            x = net.Conv(x, 8);
            x = net.Node(new Relu6(), net.Reshape(x, 1, 8, 20));
        }

        x = net.Node(new Mean(new ReduceAxes([2], KeepDims: false)), x);
        net.Builder.Output(net.Dense(x, 3));
        Remaining(1);
        Assert.DoesNotContain(net.Builder.Graph.Nodes, n => n.Op is Relu6);
    }

    int Heads(int x)
    {
        int y = net.Node(new FullyConnected(true, Activation.None), x, net.Weights(8, 8));
        return net.Node(new Transpose([0, 2, 1, 3]), net.Reshape(y, 1, 6, 2, 4));
    }

    void Head(int x)
    {
        GraphBuilder b = net.Builder;
        int channels = b[x].Shape[1];
        x = net.Node(new Mean(new ReduceAxes([2, 3], KeepDims: true)), x);
        b.Output(net.Dense(net.Reshape(x, 1, channels), 5));
    }

    void Remaining(int transposes)
    {
        Rewriting.Check(net.Builder, Tolerance);
        Assert.True(transposes == Rewriting.Count<Transpose>(net.Builder), string.Join(
            "\n", net.Builder.Graph.Nodes.Select(n => $"{n} {net.Builder[n.Outputs[0]]}")));
    }
}
