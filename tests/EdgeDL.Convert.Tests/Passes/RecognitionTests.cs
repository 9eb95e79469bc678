using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Passes;

/// <summary>Functions that exporters spell out in several ops become one again.</summary>
public sealed class RecognitionTests
{
    const float Tolerance = 1e-5f;
    readonly ChannelsFirst net = new(new GraphBuilder("g"));

    [Fact]
    public void Silu()
    {
        int x = net.Input(2, 6);
        Becomes(net.Mul(net.Node(new Logistic(), x), x), OpCode.Silu);
    }

    [Fact]
    public void Mish()
    {
        int x = net.Input(2, 6);
        Becomes(net.Mul(x, net.Node(new Tanh(), net.Node(new Softplus(), x))), OpCode.Mish);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Hard_swish(int spelling)
    {
        int x = net.Input(2, 6);
        int three = net.Add(x, Scalar(3));
        int gate = spelling switch
        {
            0 or 1 => net.Node(new Clip(0, 6), three),
            _ => net.Node(new Relu6(), three),
        };
        int y = spelling switch
        {
            0 => net.Node(new Div(Activation.None), net.Mul(x, gate), Scalar(6)),
            1 => net.Mul(x, net.Node(new Div(Activation.None), gate, Scalar(6))),
            2 => net.Mul(net.Mul(x, gate), Scalar(1 / 6f)),
            3 => net.Mul(Scalar(1 / 6f), net.Mul(gate, x)),
            _ => net.Mul(net.Node(new HardSigmoid(1 / 6f, 0.5f), x), x),
        };
        Becomes(y, OpCode.HardSwish);
    }

    [Fact]
    public void Hard_sigmoid()
    {
        int gate = net.Node(new Clip(0, 6), net.Add(net.Input(2, 6), Scalar(3)));
        Becomes(net.Node(new Div(Activation.None), gate, Scalar(6)), OpCode.HardSigmoid);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gelu(bool halfFirst)
    {
        int x = net.Input(2, 6);
        int e = net.Node(new Div(Activation.None), x, Scalar(MathF.Sqrt(2)));
        e = net.Add(net.Node(new Erf(), e), Scalar(1));
        Becomes(halfFirst
            ? net.Mul(net.Mul(x, Scalar(0.5f)), e)
            : net.Mul(net.Mul(x, e), Scalar(0.5f)), OpCode.Gelu);
    }

    [Fact]
    public void Gelu_by_tanh()
    {
        int x = net.Input(2, 6);
        int cube = net.Mul(net.Node(new Pow(), x, Scalar(3)), Scalar(0.044715f));
        int t = net.Mul(net.Add(x, cube), Scalar(0.7978846f));
        t = net.Add(net.Node(new Tanh(), t), Scalar(1));
        Becomes(net.Mul(net.Mul(Scalar(0.5f), x), t), OpCode.GeluTanh);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Layer_norm(int spelling)
    {
        int x = net.Input(2, 3, 8);
        var axes = new ReduceAxes([2], KeepDims: true);
        int d = net.Node(new Sub(Activation.None), x, net.Node(new Mean(axes), x));
        int square = spelling == 0 ? net.Node(new Pow(), d, Scalar(2)) : net.Mul(d, d);
        int v = net.Add(net.Node(new Mean(axes), square), Scalar(1e-5f));
        int y = spelling == 2
            ? net.Mul(d, net.Node(new Rsqrt(), v))
            : net.Node(new Div(Activation.None), d, net.Node(new Sqrt(), v));
        y = net.Mul(y, net.Weights(8));
        Becomes(net.Add(y, net.Weights(8)), OpCode.LayerNorm);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_matrix_product_with_bias_and_relu(bool adjoint)
    {
        int x = net.Input(2, 3, 8);
        int w = adjoint ? net.Weights(5, 8) : net.Weights(8, 5);
        int y = net.Node(new BatchMatMul(false, adjoint), x, w);
        Becomes(net.Node(new Relu(), net.Add(net.Weights(5), y)), OpCode.FullyConnected);
    }

    [Fact]
    public void Batch_norm_goes_into_a_transposed_convolution()
    {
        int x = net.Input(1, 4, 4, 3);
        var window = new ConvWindow2D(ConvAxis.Unit, ConvAxis.Unit);
        int y = net.Node(new TransposeConv(window, 5, 5, Activation.None), x,
            net.Weights(2, 2, 2, 3));
        y = net.Node(new BatchNorm(1e-3f), y, net.Weights(2), net.Weights(2), net.Weights(2),
            net.Builder.Constant<float>("v", new Shape(2), [1, 2]));
        Becomes(net.Node(new Relu(), y), OpCode.TransposeConv);
    }

    [Fact]
    public void A_reshape_does_not_keep_an_activation_from_its_op()
    {
        int y = net.Node(new FullyConnected(false, Activation.None), net.Input(2, 6),
            net.Weights(4, 6));
        y = net.Node(new Relu6(), net.Reshape(y, 8));
        net.Builder.Output(y);
        Rewriting.Check(net.Builder, Tolerance);
        Assert.Equal([OpCode.FullyConnected, OpCode.Reshape],
            net.Builder.Graph.Nodes.Select(n => n.Op.OpCode));
    }

    int Scalar(float value) => net.Builder.Constant<float>("c", Shape.Scalar, [value]);

    void Becomes(int y, OpCode op)
    {
        net.Builder.Output(y);
        Rewriting.Check(net.Builder, Tolerance);
        Assert.Equal([op], net.Builder.Graph.Nodes.Select(n => n.Op.OpCode));
    }
}
