using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Passes;

/// <summary>
/// Builds NCHW graphs as an importer of such a format does: every spatial op stands between a
/// transpose to NHWC and one back.
/// </summary>
sealed class ChannelsFirst(GraphBuilder b)
{
    static readonly int[] ToLast = [0, 2, 3, 1];
    static readonly int[] FromLast = [0, 3, 1, 2];
    readonly Random random = new(7);

    public GraphBuilder Builder => b;

    public int Input(params int[] dims) => b.Input("x", DType.Float32, new Shape(dims));

    public int Spatial(Op op, int x, params int[] rest)
    {
        int t = b.Node(new Transpose(ToLast), "to_nhwc", [x]);
        int y = b.Node(op, "op", [t, .. rest]);
        return b.Node(new Transpose(FromLast), "to_nchw", [y]);
    }

    public int Conv(int x, int outputs, int kernel = 1, int stride = 1)
    {
        int pad = kernel / 2;
        var axis = new ConvAxis(stride, 1, pad, pad);
        return Spatial(
            new Conv2D(new ConvWindow2D(axis, axis), Activation.None), x,
            Weights(outputs, kernel, kernel, b[x].Shape[1]), Weights(outputs));
    }

    public int Depthwise(int x, int kernel = 3)
    {
        var axis = new ConvAxis(1, 1, kernel / 2, kernel / 2);
        int channels = b[x].Shape[1];
        return Spatial(
            new DepthwiseConv2D(new ConvWindow2D(axis, axis), Activation.None), x,
            Weights(1, kernel, kernel, channels), Weights(channels));
    }

    public int Node(Op op, params int[] inputs) => b.Node(op, op.OpCode.ToString(), inputs);

    public int Add(int x, int y) => Node(new Add(Activation.None), x, y);

    public int Mul(int x, int y) => Node(new Mul(Activation.None), x, y);

    public int Dense(int x, int outputs) => Node(
        new FullyConnected(false, Activation.None), x, Weights(outputs, b[x].Shape[1]));

    public int Reshape(int x, params int[] dims) => Node(new Reshape(dims), x);

    /// <summary>A constant of small random numbers.</summary>
    public int Weights(params int[] dims)
    {
        var shape = new Shape(dims);
        var values = new float[shape.Elements];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        return b.Constant<float>("w", shape, values);
    }

    public int Indices(params long[] values) =>
        b.Constant<long>("i", values.Length == 1 ? Shape.Scalar : new Shape(values.Length), values);
}
