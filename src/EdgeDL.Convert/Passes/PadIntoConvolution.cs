using System.Runtime.InteropServices;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// A border of zeros that only a convolution reads becomes the convolution's padding.
/// </summary>
sealed class PadIntoConvolution : IPass
{
    public string Name => "pad-into-convolution";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node pad in graph.Nodes)
        {
            if (pad.Op is Pad border && IsSpatialZero(graph, pad, border)
                && graph.OnlyReader(pad.Outputs[0]) is { } reader
                && reader.Inputs[0] == pad.Outputs[0] && Padded(graph, reader, border) is { } op)
            {
                int[] inputs = [pad.Inputs[0], .. reader.Inputs[1..]];
                graph.Rewire(reader, op, inputs);
                graph.Remove(pad);
                did($"{reader} pads for {pad}");
            }
        }
    }

    static Op? Padded(GraphEdit graph, Node reader, Pad border)
    {
        if (reader.Op is not (Conv2D or DepthwiseConv2D))
        {
            return null;
        }

        Value x = graph.Value(reader.Inputs[0]);
        Value weights = graph.Value(reader.Inputs[1]);
        if (x.DType == DType.Float32 && weights.DType != DType.Float32)
        {
            // Dynamic ranges may be chosen differently for a padded and an unpadded input.
            return null;
        }

        return reader.Op switch
        {
            Conv2D o => new Conv2D(Widened(o.Window, border), o.Activation),
            DepthwiseConv2D o => new DepthwiseConv2D(Widened(o.Window, border), o.Activation),
            _ => throw new InvalidOperationException($"{reader.Op.OpCode} is no convolution"),
        };
    }

    static ConvWindow2D Widened(ConvWindow2D window, Pad border) => new(
        Widened(window.Height, border.Before[1], border.After[1]),
        Widened(window.Width, border.Before[2], border.After[2]));

    static ConvAxis Widened(ConvAxis axis, int before, int after) => axis with
    {
        PadBefore = axis.PadBefore + before,
        PadAfter = axis.PadAfter + after,
    };

    static bool IsSpatialZero(GraphEdit graph, Node pad, Pad border)
    {
        Value x = graph.Value(pad.Inputs[0]);
        bool isSpatial = x.Shape.Rank == 4 && border.Before[0] == 0 && border.After[0] == 0
            && border.Before[3] == 0 && border.After[3] == 0;
        return isSpatial && Quantization.Same(x.Quant, graph.Value(pad.Outputs[0]).Quant)
            && (pad.Inputs.Length < 2 || pad.Inputs[1] < 0 || IsZero(graph, pad.Inputs[1], x));
    }

    // Real zero, in the numbers of x.
    static bool IsZero(GraphEdit graph, int border, Value x)
    {
        if (graph.Value(border).Constant is not { } constant)
        {
            return false;
        }

        int zero = x.Quant is { IsPerTensor: true } q ? q.ZeroPoint : 0;
        return x.DType switch
        {
            DType.Float32 => MemoryMarshal.Read<float>(constant.Span) == 0,
            DType.Int8 => (sbyte)constant.Span[0] == zero,
            DType.UInt8 => constant.Span[0] == zero,
            DType.Int16 => MemoryMarshal.Read<short>(constant.Span) == zero,
            _ => false,
        };
    }
}
