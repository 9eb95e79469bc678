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
    }

    static void Conv2D(NodeImport n)
    {
        FlatTable o = n.Options(Options.Conv2D.Kind);
        int padding = o.Byte(Options.Conv2D.Padding, 0);
        var window = new ConvWindow2D(
            Axis(n, padding, axis: 1, o.Int(Options.Conv2D.StrideH),
                o.Int(Options.Conv2D.DilationH, 1)),
            Axis(n, padding, axis: 2, o.Int(Options.Conv2D.StrideW),
                o.Int(Options.Conv2D.DilationW, 1)));
        int activation = o.Byte(Options.Conv2D.FusedActivation, 0);
        n.Emit(a => new Conv2D(window, a), activation, WithBias(n));
    }

    static void DepthwiseConv2D(NodeImport n)
    {
        FlatTable o = n.Options(Options.DepthwiseConv2D.Kind);
        int padding = o.Byte(Options.DepthwiseConv2D.Padding, 0);
        var window = new ConvWindow2D(
            Axis(n, padding, axis: 1, o.Int(Options.DepthwiseConv2D.StrideH),
                o.Int(Options.DepthwiseConv2D.DilationH, 1)),
            Axis(n, padding, axis: 2, o.Int(Options.DepthwiseConv2D.StrideW),
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

    // Input, weights and, unless it is left out, bias.
    static int[] WithBias(NodeImport n) => n.Has(2)
        ? [n.Input(0), n.Input(1), n.Input(2)]
        : [n.Input(0), n.Input(1)];

    // Input is NHWC, weights have their window at axes 1 and 2 too.
    static ConvAxis Axis(NodeImport n, int padding, int axis, int stride, int dilation)
    {
        Shape x = n.ShapeOf(0);
        Shape w = n.ShapeOf(1);
        if (x.Rank != 4 || w.Rank != 4)
        {
            throw n.Fail($"takes tensors of rank 4, gets {x} and {w}");
        }

        WindowPads pads = WindowPads.Of(n, padding, x[axis], w[axis], stride, dilation);
        return new ConvAxis(stride, dilation, pads.Before, pads.After);
    }
}
