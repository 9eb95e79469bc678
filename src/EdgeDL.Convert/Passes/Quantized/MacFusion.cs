using System.Runtime.InteropServices;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Quantized;

/// <summary>
/// Convolutions and fully connected layers with dequantized activations, weights and bias:
/// int8 × int8 where the weights' zero points allow it, else uint8 × uint8.
/// </summary>
static class MacFusion
{
    public static bool Fuse(FusionPlace place)
    {
        GraphEdit graph = place.Graph;
        Node node = place.Middle;
        if (ByteForms.Source(graph, node.Inputs[0]) is not { } x
            || Weights(graph, node.Inputs[1]) is not { } weights)
        {
            return false;
        }

        int channelAxis = node.Op is DepthwiseConv2D ? weights.Shape.Rank - 1 : 0;
        foreach (DType type in new[] { DType.Int8, DType.UInt8 })
        {
            if (As(weights, type, channelAxis) is not { } same)
            {
                continue;
            }

            int channels = same.Shape[channelAxis];
            int bias = -1;
            if (node.Inputs.Length > 2 && node.Inputs[2] >= 0)
            {
                if (Bias(graph, node.Inputs[2], graph.Value(x).Quant!.Scale, same.Quant!, channels)
                    is not { } integers)
                {
                    continue;
                }

                bias = graph.AddConstant($"{node.Name}/bias", DType.Int32, new Shape(channels),
                    Constant.Copy<int>(integers), quant: null);
            }

            int w = graph.AddConstant(
                same.Name, type, same.Shape, same.Constant!, same.Quant);
            int[] operands = bias < 0 ? [x, w] : [x, w, bias];
            if (place.Fuse(node.Op, type, operands, place.QuantAs(type)))
            {
                return true;
            }
        }

        return false;
    }

    // The constant behind dequantized weights.
    static Value? Weights(GraphEdit graph, int value) =>
        graph.Maker(value) is { Op: Dequantize } maker
        && graph.Value(maker.Inputs[0]) is { Constant: not null, Quant.BlockSize: 0 } weights
        && weights.DType is DType.Int8 or DType.UInt8
            ? weights
            : null;

    // Weights in a type whose kernels take their zero points, along the right axis.
    static Value? As(Value weights, DType type, int channelAxis)
    {
        Quantization quant = weights.DType == type
            ? weights.Quant!
            : ByteForms.Shifted(weights.Quant!, type);
        bool isPlain = quant.ZeroPoints.ToArray().All(z => z == 0);
        bool isKnown = type == DType.Int8
            ? isPlain && (quant.IsPerTensor || quant.Axis == channelAxis)
            : quant.IsPerTensor;
        if (!isKnown)
        {
            return null;
        }

        return new Value
        {
            Name = weights.Name,
            DType = type,
            Shape = weights.Shape,
            Quant = quant,
            Constant = weights.DType == type
                ? weights.Constant
                : ByteForms.Shifted(weights.Constant!),
        };
    }

    // The bias in steps of the products; null if it is not constant or does not fit.
    static int[]? Bias(GraphEdit graph, int value, float scale, Quantization weights, int channels)
    {
        if (Reals(graph, value) is not { } reals || reals.Length != channels)
        {
            return null;
        }

        var integers = new int[channels];
        for (int c = 0; c < channels; c++)
        {
            double steps = Math.Round(reals[c] / ((double)scale * weights.ScaleOf(c)));
            if (!(Math.Abs(steps) < 1 << 30))
            {
                return null;
            }

            integers[c] = (int)steps;
        }

        return integers;
    }

    static double[]? Reals(GraphEdit graph, int value)
    {
        if (graph.Value(value) is { DType: DType.Float32, Constant: { } floats } plain)
        {
            return [.. floats.As<float>()[..plain.Shape.Elements].ToArray().Select(f => (double)f)];
        }

        if (graph.Maker(value) is not { Op: Dequantize } maker
            || graph.Value(maker.Inputs[0]) is not
                { DType: DType.Int32, Constant: { } bytes, Quant: { BlockSize: 0 } quant } bias)
        {
            return null;
        }

        ReadOnlySpan<int> integers = MemoryMarshal.Cast<byte, int>(bytes.Span);
        var reals = new double[bias.Shape.Elements];
        for (int c = 0; c < reals.Length; c++)
        {
            reals[c] = ((double)integers[c] - quant.ZeroPointOf(c)) * quant.ScaleOf(c);
        }

        return reals;
    }
}
