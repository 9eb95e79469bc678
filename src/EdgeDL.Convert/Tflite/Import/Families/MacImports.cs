using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Convolution, fully connected, matrix product.</summary>
static class MacImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.CONV_2D, Conv2D);
        t.Add(BuiltinOperator.DEPTHWISE_CONV_2D, DepthwiseConv2D);
        t.Add(BuiltinOperator.FULLY_CONNECTED, FullyConnected);
        t.Add(BuiltinOperator.TRANSPOSE_CONV, TransposeConv);
        t.Add(BuiltinOperator.CONV_3D, Conv3D);
        t.Add(BuiltinOperator.CONV_3D_TRANSPOSE, Conv3DTranspose);
        t.Add(BuiltinOperator.BATCH_MATMUL, BatchMatMul);
    }

    static void Conv2D(NodeImport n)
    {
        FlatTable o = n.Options(Options.Conv2D.Kind);
        int padding = o.Byte(Options.Conv2D.Padding, 0);
        var window = new ConvWindow2D(
            AxisOf(n, padding, axis: 1, o.Int(Options.Conv2D.StrideH),
                o.Int(Options.Conv2D.DilationH, 1)),
            AxisOf(n, padding, axis: 2, o.Int(Options.Conv2D.StrideW),
                o.Int(Options.Conv2D.DilationW, 1)));
        int activation = o.Byte(Options.Conv2D.FusedActivation, 0);
        n.Emit(a => new Conv2D(window, a), activation, WithBias(n));
    }

    static void DepthwiseConv2D(NodeImport n)
    {
        FlatTable o = n.Options(Options.DepthwiseConv2D.Kind);
        int padding = o.Byte(Options.DepthwiseConv2D.Padding, 0);
        var window = new ConvWindow2D(
            AxisOf(n, padding, axis: 1, o.Int(Options.DepthwiseConv2D.StrideH),
                o.Int(Options.DepthwiseConv2D.DilationH, 1)),
            AxisOf(n, padding, axis: 2, o.Int(Options.DepthwiseConv2D.StrideW),
                o.Int(Options.DepthwiseConv2D.DilationW, 1)));
        int activation = o.Byte(Options.DepthwiseConv2D.FusedActivation, 0);
        n.Emit(a => new DepthwiseConv2D(window, a), activation, WithBias(n));
    }

    static void FullyConnected(NodeImport n)
    {
        FlatTable o = n.Options(Options.FullyConnected.Kind);
        if (o.Byte(Options.FullyConnected.WeightsFormat, 0) != 0)
        {
            throw n.Unsupported("its weights are shuffled for one kind of CPU",
                "export the model without the SHUFFLED4x16INT8 weights format");
        }

        bool keepDims = o.Bool(Options.FullyConnected.KeepNumDims);
        int activation = o.Byte(Options.FullyConnected.FusedActivation, 0);
        n.Emit(a => new FullyConnected(keepDims, a), activation, WithBias(n));
    }

    // Inputs: the output's shape, weights OHWI, activations, bias. The padding is that of the
    // convolution from the output back to the input.
    static void TransposeConv(NodeImport n)
    {
        FlatTable o = n.Options(Options.TransposeConv.Kind);
        if (n.Ints(0, "output shape") is not [_, int height, int width, _]
            || n.ShapeOf(1).Rank != 4)
        {
            throw n.Fail("takes an output shape and weights of rank 4");
        }

        int padding = o.Byte(Options.TransposeConv.Padding, 0);
        Shape w = n.ShapeOf(1);
        var window = new ConvWindow2D(
            Axis(n, padding, height, w[1], o.Int(Options.TransposeConv.StrideH)),
            Axis(n, padding, width, w[2], o.Int(Options.TransposeConv.StrideW)));
        n.Emit(a => new TransposeConv(window, height, width, a),
            o.Byte(Options.TransposeConv.FusedActivation, 0), Transposed(n, n.Input(1)));
    }

    static void Conv3D(NodeImport n)
    {
        (Shape x, Shape w) = (n.ShapeOf(0), n.ShapeOf(1));
        if (x.Rank != 5 || w.Rank != 5)
        {
            throw n.Fail($"takes tensors of rank 5, gets {x} and {w}");
        }

        FlatTable o = n.Options(Options.Conv3D.Kind);
        ConvWindow3D window = Window3D(n, o, x, w);
        n.Emit(a => new Conv3D(window, a), o.Byte(Options.Conv3D.FusedActivation, 0), WithBias(n));
    }

    // Inputs as for TransposeConv; weights are DHWOI.
    static void Conv3DTranspose(NodeImport n)
    {
        if (n.Ints(0, "output shape") is not [int batch, int d, int h, int width, int channels]
            || n.ShapeOf(1).Rank != 5)
        {
            throw n.Fail("takes an output shape and weights of rank 5");
        }

        FlatTable o = n.Options(Options.Conv3D.Kind);
        if (Shape.Problem([batch, d, h, width, channels]) is { } problem)
        {
            throw n.Fail(problem);
        }

        var y = new Shape(batch, d, h, width, channels);
        ConvWindow3D window = Window3D(n, o, y, n.ShapeOf(1));
        int weights = n.Add(new Transpose([3, 0, 1, 2, 4]), "weights", null, n.Input(1));
        n.Emit(a => new Conv3DTranspose(window, d, h, width, a),
            o.Byte(Options.Conv3D.FusedActivation, 0), Transposed(n, weights));
    }

    static void BatchMatMul(NodeImport n)
    {
        FlatTable o = n.Options(Options.BatchMatMul.Kind);
        n.Emit(new BatchMatMul(
            o.Bool(Options.BatchMatMul.AdjX), o.Bool(Options.BatchMatMul.AdjY)));
    }

    static ConvWindow3D Window3D(NodeImport n, FlatTable o, in Shape x, in Shape w)
    {
        int padding = o.Byte(Options.Conv3D.Padding, 0);
        return new(
            Axis(n, padding, x[1], w[0], o.Int(Options.Conv3D.StrideD),
                o.Int(Options.Conv3D.DilationD, 1)),
            Axis(n, padding, x[2], w[1], o.Int(Options.Conv3D.StrideH),
                o.Int(Options.Conv3D.DilationH, 1)),
            Axis(n, padding, x[3], w[2], o.Int(Options.Conv3D.StrideW),
                o.Int(Options.Conv3D.DilationW, 1)));
    }

    static ConvAxis Axis(NodeImport n, int padding, int input, int kernel, int stride) =>
        Axis(n, padding, input, kernel, stride, dilation: 1);

    static ConvAxis Axis(
        NodeImport n, int padding, int input, int kernel, int stride, int dilation)
    {
        WindowPads pads = WindowPads.Of(n, padding, input, kernel, stride, dilation);
        return new ConvAxis(stride, dilation, pads.Before, pads.After);
    }

    // Activations, weights and, unless it is left out, bias of a transposed convolution.
    static int[] Transposed(NodeImport n, int weights) => n.Has(3)
        ? [n.Input(2), weights, n.Input(3)]
        : [n.Input(2), weights];

    // Input, weights and, unless it is left out, bias.
    static int[] WithBias(NodeImport n) => n.Has(2)
        ? [n.Input(0), n.Input(1), n.Input(2)]
        : [n.Input(0), n.Input(1)];

    // Input is NHWC, weights have their window at axes 1 and 2 too.
    static ConvAxis AxisOf(NodeImport n, int padding, int axis, int stride, int dilation)
    {
        Shape x = n.ShapeOf(0);
        Shape w = n.ShapeOf(1);
        if (x.Rank != 4 || w.Rank != 4)
        {
            throw n.Fail($"takes tensors of rank 4, gets {x} and {w}");
        }

        return Axis(n, padding, x[axis], w[axis], stride, dilation);
    }
}
