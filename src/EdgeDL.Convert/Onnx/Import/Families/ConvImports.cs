using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Convolutions. Ours are channels-last: data, and weights once and for all, are transposed.
/// </summary>
static class ConvImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("Conv", Conv);
        t.Add("ConvTranspose", ConvTranspose);
    }

    static void Conv(NodeImport n) =>
        n.SetOutput(0, Convolve(n, n.Input(0), n.Input(1), n.Input(2), quants: null));

    /// <summary>
    /// The convolution that the node's attributes describe, of its first input or a value of that
    /// shape; a bias of −1 is none. Weights are quantized after they are laid out.
    /// </summary>
    public static int Convolve(
        NodeImport n, int data, int weights, int bias, ConvQuants? quants)
    {
        (Shape x, int groups, ConvAxis[] axes) = Plan(n, data, weights);
        if (x.Rank == 5)
        {
            var op = new Conv3D(new(axes[0], axes[1], axes[2]), Activation.None);
            return Run(n, op, data, n.Transpose(weights, 2, 3, 4, 1, 0), bias, quants, 4);
        }

        weights = Plane(n, weights);
        ConvWindow2D window = Window(axes);
        return groups == x[1] && groups > 1
            ? Run(n, new DepthwiseConv2D(window, Activation.None), data,
                n.Transpose(weights, 1, 2, 3, 0), bias, quants, 3)
            : Run(n, new Conv2D(window, Activation.None), data,
                n.Transpose(weights, 0, 2, 3, 1), bias, quants, 0);
    }

    /// <summary>
    /// The same of 8-bit integers, as Int32; of one or two spatial axes. A zero point of −1 is
    /// none.
    /// </summary>
    public static int Integers(NodeImport n, int data, int weights, int zeroX, int zeroW)
    {
        (_, _, ConvAxis[] axes) = Plan(n, data, weights);
        var op = new ConvInteger(Window(axes));
        int w = n.Transpose(Plane(n, weights), 0, 2, 3, 1);
        return Layer(n, data, x => n.Add(
            op, "channels-last", MatrixProducts.Operands(x, w, zeroX, zeroW)));
    }

    static (Shape X, int Groups, ConvAxis[] Axes) Plan(NodeImport n, int data, int weights)
    {
        (Shape x, Shape w) = Shapes(n, n[data].Shape, n[weights].Shape);
        int groups = n.Int("group", 1);
        if (groups < 1 || x[1] != (long)w[1] * groups || w[0] % groups != 0)
        {
            throw n.Fail($"{x} and weights {w} don't divide into {groups} groups");
        }

        return (x, groups, Array.ConvertAll(
            SpatialAxis.Padded(n, Kernel(n, w)),
            a => new ConvAxis(a.Stride, a.Dilation, a.Before, a.After)));
    }

    static void ConvTranspose(NodeImport n)
    {
        (Shape x, Shape w) = Shapes(n, n.ShapeOf(0), n.ShapeOf(1));
        int groups = n.Int("group", 1);
        if (groups < 1 || x[1] != w[0] || w[0] % groups != 0)
        {
            throw n.Fail($"{x} and weights {w} don't divide into {groups} groups");
        }

        (ConvAxis[] axes, int[] outputs) = Transposed(n, w);
        // [groups · inputs, outputs, …] to [groups · outputs, …, inputs].
        int rank = w.Rank;
        int weights = n.Reshape(
            n.Input(1), [groups, w[0] / groups, w[1], .. w.Dims[2..]]);
        weights = n.Transpose(weights, [0, 2, .. Enumerable.Range(3, rank - 2), 1]);
        weights = n.Reshape(weights, [groups * w[1], .. w.Dims[2..], w[0] / groups]);
        if (x.Rank == 5)
        {
            var op = new Conv3DTranspose(
                new(axes[0], axes[1], axes[2]), outputs[0], outputs[1], outputs[2],
                Activation.None);
            Emit(n, op, weights);
            return;
        }

        if (rank == 3)
        {
            Shape line = n[weights].Shape;
            weights = n.Reshape(weights, line[0], 1, line[1], line[2]);
        }

        Emit(n, new TransposeConv(
            Window(axes), outputs.Length == 1 ? 1 : outputs[0], outputs[^1], Activation.None),
            weights);
    }

    // output = stride · (input − 1) + output padding + extent − pads, or given; then pads follow.
    static (ConvAxis[] Axes, int[] Outputs) Transposed(NodeImport n, Shape w)
    {
        SpatialAxis[] spatial = SpatialAxis.Of(n, Kernel(n, w));
        int rank = spatial.Length;
        int[] added = SpatialAxis.List(n, "output_padding", rank, 0);
        int[]? given = n.Ints("output_shape");
        // Some exporters write batch and channels too.
        given = given?.Length == rank + 2 ? given[2..] : given;
        if (given is not null && given.Length != rank)
        {
            throw n.Fail($"its output_shape has {given.Length} extents, {rank} are needed");
        }

        string mode = SpatialAxis.AutoPad(n);
        var axes = new ConvAxis[rank];
        var outputs = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            SpatialAxis a = spatial[i];
            long full = ((a.Input - 1L) * a.Stride) + added[i] + a.Extent;
            if (given is not null || mode is "SAME_UPPER" or "SAME_LOWER")
            {
                long wanted = given?[i] ?? (long)a.Input * a.Stride;
                long total = Math.Clamp(full - wanted, 0, 1 << 20);
                int half = (int)(total / 2);
                int rest = (int)(total - half);
                a = mode == "SAME_UPPER"
                    ? a with { Before = half, After = rest }
                    : a with { Before = rest, After = half };
                full = wanted + a.Before + a.After;
            }
            else if (mode == "VALID")
            {
                a = a with { Before = 0, After = 0 };
            }

            axes[i] = new(a.Stride, a.Dilation, a.Before, a.After);
            long output = full - a.Before - a.After;
            outputs[i] = output is > 0 and < 1 << 30
                ? (int)output
                : throw n.Fail($"it gives {output} outputs along axis {i + 2}");
        }

        return (axes, outputs);
    }

    static (Shape X, Shape W) Shapes(NodeImport n, Shape x, Shape w)
    {
        if (x.Rank != w.Rank || x.Rank < 3)
        {
            throw n.Fail($"it takes [N, C, …] and weights of the same rank, gets {x} and {w}");
        }

        return x.Rank <= 5 && x.Elements > 0 && w.Elements > 0
            ? (x, w)
            : throw n.Unsupported($"it convolves {x} with {w}",
                "1 to 3 spatial axes, none empty, are supported");
    }

    static ReadOnlySpan<int> Kernel(NodeImport n, Shape w)
    {
        int[] kernel = w.ToArray()[2..];
        return n.Ints("kernel_shape") is not { Length: > 0 } given || given.SequenceEqual(kernel)
            ? kernel
            : throw n.Fail($"its kernel_shape is not that of the weights {w}");
    }

    static ConvWindow2D Window(ConvAxis[] axes) => axes.Length == 1
        ? new(ConvAxis.Unit, axes[0])
        : new(axes[0], axes[1]);

    // [O, I, W] as [O, I, 1, W].
    static int Plane(NodeImport n, int value)
    {
        Shape shape = n[value].Shape;
        return shape.Rank == 3 ? n.Reshape(value, shape[0], shape[1], 1, shape[2]) : value;
    }

    static void Emit(NodeImport n, Op op, int weights) => n.SetOutput(
        0, Run(n, op, n.Input(0), weights, n.Input(2), quants: null, channels: -1));

    // Channels of the weights' outputs run along an axis, which their scales follow.
    static int Run(NodeImport n, Op op, int data, int weights, int bias, ConvQuants? quants,
        int channels)
    {
        weights = quants is null ? weights : n.Graph.Quantized(weights, quants.Along(channels));
        return Layer(n, data, x => n.AddQuantized(op, "channels-last", quants?.Output,
            bias < 0 ? [x, weights] : [x, weights, bias]));
    }

    // A layer that is channels-last, on data that is channels-first.
    static int Layer(NodeImport n, int data, Func<int, int> layer)
    {
        bool isLine = n[data].Shape.Rank == 3;
        int first = n.ChannelsFirst(layer(n.ChannelsLast(Plane(n, data))));
        Shape shape = n[first].Shape;
        return isLine ? n.Reshape(first, shape[0], shape[1], shape[3]) : first;
    }
}
