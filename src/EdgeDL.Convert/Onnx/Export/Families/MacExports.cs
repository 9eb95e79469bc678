using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Convolutions, fully connected layers, matrix products.</summary>
static class MacExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.Conv2D] = Conv2D;
        table[OpCode.DepthwiseConv2D] = Depthwise;
        table[OpCode.Conv3D] = Conv3D;
        table[OpCode.TransposeConv] = Transposed2D;
        table[OpCode.Conv3DTranspose] = Transposed3D;
        table[OpCode.FullyConnected] = FullyConnected;
        table[OpCode.BatchMatMul] = MatMul;
    }

    static void Conv2D(NodeExport n)
    {
        var op = n.Op<Conv2D>();
        Shape w = n.In(1).Shape;
        bool pointwise = w[1] == 1 && w[2] == 1 && w[3] == n.In(0).Shape[3]
            && op.Window == new ConvWindow2D(ConvAxis.Unit, ConvAxis.Unit);
        Conv(n, [op.Window.Height, op.Window.Width], [0, 3, 1, 2],
            n.In(0).Shape[3] / w[3], pointwise, op.Activation);
    }

    static void Depthwise(NodeExport n)
    {
        var op = n.Op<DepthwiseConv2D>();
        Conv(n, [op.Window.Height, op.Window.Width], [3, 0, 1, 2], n.In(0).Shape[3], false,
            op.Activation);
    }

    static void Conv3D(NodeExport n)
    {
        var op = n.Op<Conv3D>();
        Conv(n, [op.Window.Depth, op.Window.Height, op.Window.Width], [4, 3, 0, 1, 2],
            n.In(0).Shape[4] / n.In(1).Shape[3], false, op.Activation);
    }

    static void Conv(
        NodeExport n, ConvAxis[] axes, int[] order, int groups, bool pointwise,
        Activation activation)
    {
        int spatial = axes.Length;
        Shape w = Layouts.Permute(n.In(1).Shape, order);

        // A pixel has a range of its own where a product of matrices is meant.
        OnnxTensor y = Multiplied(
            n, "Conv", n.RealFirst(0), order, First(n.Out(0).Shape),
            pointwise ? [1] : [.. Enumerable.Range(1, spatial + 1)],
            [
                Attribute.Of("kernel_shape", w.Dims[2..]),
                Attribute.Of("strides", [.. axes.Select(a => a.Stride)]),
                Attribute.Of("dilations", [.. axes.Select(a => a.Dilation)]),
                Attribute.Of("pads",
                    [.. axes.Select(a => a.PadBefore), .. axes.Select(a => a.PadAfter)]),
                Attribute.Of("group", (long)groups),
            ]);
        n.GiveFirst(0, n.Activated(y, activation));
    }

    static void Transposed2D(NodeExport n)
    {
        var op = n.Op<TransposeConv>();
        Transposed(n, [op.Window.Height, op.Window.Width],
            [op.OutputHeight, op.OutputWidth], op.Activation);
    }

    static void Transposed3D(NodeExport n)
    {
        var op = n.Op<Conv3DTranspose>();
        Transposed(n, [op.Window.Depth, op.Window.Height, op.Window.Width],
            [op.OutputDepth, op.OutputHeight, op.OutputWidth], op.Activation);
    }

    static void Transposed(NodeExport n, ConvAxis[] axes, int[] outputs, Activation activation)
    {
        int spatial = axes.Length;
        Shape x = n.In(0).Shape;
        Shape w = n.In(1).Shape;
        int groups = x[-1] / w[-1];
        int[] after = new int[spatial];
        int[] more = new int[spatial];
        for (int i = 0; i < spatial; i++)
        {
            int full = ((x[i + 1] - 1) * axes[i].Stride)
                + ((w[i + 1] - 1) * axes[i].Dilation) + 1;
            int over = full - axes[i].PadBefore - outputs[i];
            after[i] = Math.Max(over, 0);
            more[i] = Math.Max(-over, 0);
        }

        AttributeProto[] attributes =
        [
            Attribute.Of("kernel_shape", w.Dims[1..^1]),
            Attribute.Of("strides", [.. axes.Select(a => a.Stride)]),
            Attribute.Of("dilations", [.. axes.Select(a => a.Dilation)]),
            Attribute.Of("pads", [.. axes.Select(a => a.PadBefore), .. after]),
            Attribute.Of("output_padding", more),
            Attribute.Of("group", (long)groups),
        ];
        Shape result = First(n.Out(0).Shape);
        int[] item = [.. Enumerable.Range(1, spatial + 1)];
        OnnxTensor y = groups == 1
            ? Multiplied(n, "ConvTranspose", n.RealFirst(0),
                [spatial + 1, 0, .. item[..^1]], result, item, attributes)
            : IsDynamic(n)
            ? throw new NoEquivalentException(
                "a transposed convolution in groups that rounds its activations as it runs")
            : n.Add("ConvTranspose", DType.Float32, result,
                [n.RealFirst(0), GroupedWeights(n, groups), Bias(n, w[0])], attributes);
        n.GiveFirst(0, n.Activated(y, activation));
    }

    // [outputs, …, inputs of a group] to [inputs, outputs of a group, …].
    static OnnxTensor GroupedWeights(NodeExport n, int groups)
    {
        int value = n.Node.Inputs[1];
        Shape w = n.In(1).Shape;
        int[] spatial = [.. Enumerable.Range(1, w.Rank - 2)];
        OnnxTensor split = n.Reshape(
            n.Scope.Get(value, real: true, first: false),
            new Shape([groups, w[0] / groups, .. w.Dims[1..]]));
        OnnxTensor turned = n.Transpose(
            split, [0, w.Rank, 1, .. spatial.Select(d => d + 1)]);
        return n.Reshape(
            turned, new Shape([groups * w[-1], w[0] / groups, .. w.Dims[1..^1]]));
    }

    static void FullyConnected(NodeExport n)
    {
        var op = n.Op<FullyConnected>();
        Shape w = n.In(1).Shape;
        Shape y = n.Out(0).Shape;
        OnnxTensor x = n.Reshape(n.Real(0), new Shape(n.In(0).Shape.Elements / w[1], w[1]));
        OnnxTensor product = Multiplied(
            n, "Gemm", x, [0, 1], new Shape(x.Shape[0], w[0]), [1],
            [Attribute.Of("transB", 1)]);
        n.Give(0, n.Reshape(n.Activated(product, op.Activation), y));
    }

    // Weights in an order, their products with x, and the bias.
    static OnnxTensor Multiplied(
        NodeExport n, string type, OnnxTensor x, int[] order, in Shape result, int[] item,
        AttributeProto[] attributes)
    {
        int channels = n.Out(0).Shape[-1];
        if (!IsDynamic(n))
        {
            OnnxTensor w = n.Scope.Permuted(n.Node.Inputs[1], order);
            return n.Add(type, DType.Float32, result, [x, w, Bias(n, channels)], attributes);
        }

        (OnnxTensor steps, OnnxTensor scale) = DynamicRanges.Rounded(n, x, item);
        OnnxTensor sums = n.Add(
            type, DType.Float32, result, [steps, DynamicRanges.Weights(n, order)], attributes);
        int[] ones = [.. Enumerable.Repeat(1, result.Rank - 2)];
        return DynamicRanges.Scaled(n, sums, scale, new Shape([channels, .. ones]));
    }

    static void MatMul(NodeExport n)
    {
        var op = n.Op<BatchMatMul>();
        OnnxTensor a = Turned(n, 0, op.AdjointX);
        OnnxTensor b = Turned(n, 1, op.AdjointY);
        n.Give(0, n.Add("MatMul", DType.Float32, n.Out(0).Shape, [a, b]));
    }

    static OnnxTensor Turned(NodeExport n, int i, bool adjoint)
    {
        if (!adjoint)
        {
            return n.Real(i);
        }

        int rank = n.In(i).Shape.Rank;
        int[] perm = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        return n.Scope.Permuted(n.Node.Inputs[i], perm);
    }

    static bool IsDynamic(NodeExport n) =>
        n.In(0).DType == DType.Float32 && n.In(1).DType != DType.Float32;

    // Quantized biases are integers of scale input · weight, whatever the model says of them.
    static OnnxTensor? Bias(NodeExport n, int channels)
    {
        if (!n.Has(2))
        {
            return null;
        }

        Value bias = n.In(2);
        var shape = new Shape(channels);
        if (bias.DType == DType.Float32)
        {
            return n.Reshape(n.Real(2), shape);
        }

        Quantization x = n.In(0).Quant!;
        Quantization w = n.In(1).Quant!;
        var scales = new float[w.Scales.Length];
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = x.Scale * w.Scales[i];
        }

        bool perTensor = scales.Length == 1;
        OnnxTensor scale = n.Constant<float>(
            "bias_scale", perTensor ? Shape.Scalar : shape, scales);
        OnnxTensor integers = Integers(n, bias, shape);
        return integers.DType == DType.Int32
            ? n.Add("DequantizeLinear", DType.Float32, shape, [integers, scale],
                perTensor ? [] : [Attribute.Of("axis", 0)])
            : n.Binary("Mul", n.Cast(integers, DType.Float32), scale);
    }

    static OnnxTensor Integers(NodeExport n, Value bias, in Shape shape)
    {
        if (bias.Constant is null)
        {
            return n.Reshape(n.Raw(2), shape);
        }

        long[] values = Constants.Longs(bias);
        return values.All(v => v is >= int.MinValue and <= int.MaxValue)
            ? n.Scope.Constant(Constants.Of<int>(
                bias.Name, shape, [.. values.Select(v => (int)v)]))
            : n.Scope.Constant(Constants.Of<long>(bias.Name, shape, values));
    }

    static Shape First(in Shape last) => Layouts.Permute(last, Layouts.ToFirst(last.Rank));
}
