using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Bench.Generated;

/// <summary>
/// Writes fp32 convolutional nets, NHWC with TensorFlow's SAME padding, their weights drawn so
/// that activations keep their variance (He et al. 2015). The same seed gives the same net.
/// </summary>
sealed class NetWriter(string name, int seed)
{
    const float LargestBias = 0.1f;

    readonly GraphBuilder builder = new(name);
    readonly Random random = new(seed);
    int layers;

    public Model Model => builder.Model;

    public int Image(int size) =>
        builder.Input("image", DType.Float32, new Shape(1, size, size, 3));

    /// <summary>Channels of a value.</summary>
    public int Channels(int value) => builder[value].Shape[-1];

    public int Conv(int x, int channels, int kernel, int stride, Activation activation)
    {
        string layer = Next("conv");
        Shape from = builder[x].Shape;
        var shape = new Shape(channels, kernel, kernel, from[3]);
        int w = Weights(layer, shape, kernel * kernel * from[3], activation);
        return builder.Node(
            new Conv2D(Window(from, kernel, stride), activation), layer,
            [x, w, Bias(layer, channels)]);
    }

    public int Depthwise(int x, int stride)
    {
        const int Kernel = 3;
        string layer = Next("depthwise");
        Shape from = builder[x].Shape;
        var shape = new Shape(1, Kernel, Kernel, from[3]);
        int w = Weights(layer, shape, Kernel * Kernel, Activation.Relu6);
        return builder.Node(
            new DepthwiseConv2D(Window(from, Kernel, stride), Activation.Relu6), layer,
            [x, w, Bias(layer, from[3])]);
    }

    public int Add(int a, int b) =>
        builder.Node(new Add(Activation.None), Next("add"), [a, b]);

    /// <summary>The mean of each channel; [1, 1, 1, C].</summary>
    public int GlobalAverage(int x)
    {
        Shape from = builder[x].Shape;
        var window = new PoolWindow2D { KernelHeight = from[1], KernelWidth = from[2] };
        return builder.Node(new AveragePool2D(window, Activation.None), Next("mean"), [x]);
    }

    public int FullyConnected(int x, int outputs)
    {
        string layer = Next("dense");
        int inputs = builder[x].Shape.Elements;
        int w = Weights(layer, new Shape(outputs, inputs), inputs, Activation.None);
        return builder.Node(
            new FullyConnected(false, Activation.None), layer, [x, w, Bias(layer, outputs)]);
    }

    /// <summary>The net's answer: the probabilities of classes.</summary>
    public void Classes(int logits)
    {
        int classes = builder[logits].Shape.Elements;
        int flat = builder.Node(new Reshape([1, classes]), Next("flat"), [logits]);
        builder.Output(builder.Node(new Softmax(1, 1f), "classes", [flat]));
    }

    int Weights(string layer, in Shape shape, int fanIn, Activation activation)
    {
        // A rectifier takes half of the variance away.
        double deviation = Math.Sqrt((activation == Activation.None ? 1.0 : 2.0) / fanIn);
        var values = new float[shape.Elements];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(deviation * Normal());
        }

        return builder.Constant<float>($"{layer}/weights", shape, values);
    }

    int Bias(string layer, int channels)
    {
        var values = new float[channels];
        foreach (ref float value in values.AsSpan())
        {
            value = ((random.NextSingle() * 2) - 1) * LargestBias;
        }

        return builder.Constant<float>($"{layer}/bias", new Shape(channels), values);
    }

    // Box and Muller 1958.
    double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
        * Math.Cos(2 * Math.PI * random.NextDouble());

    string Next(string kind) => $"{kind}_{++layers}";

    static ConvWindow2D Window(in Shape x, int kernel, int stride) =>
        new(Axis(x[1], kernel, stride), Axis(x[2], kernel, stride));

    static ConvAxis Axis(int input, int kernel, int stride)
    {
        int outputs = (input + stride - 1) / stride;
        int pad = Math.Max(((outputs - 1) * stride) + kernel - input, 0);
        return new ConvAxis(stride, 1, pad / 2, pad - (pad / 2));
    }
}
