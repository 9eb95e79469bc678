using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Quantized;

/// <summary>
/// Dequantize → op → quantize becomes the op on integers, where a table below has a rule for it.
/// On outputs that round to even, functions of one and two numbers give the bits of the detour;
/// products and means add up exactly, where the detour's floats may round a value the other way.
/// What has no rule, or whose types and scales the integer op refuses, stays as it is.
/// </summary>
sealed class IntegerFusion : IPass
{
    public string Name => "integer-fusion";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node quantize in graph.Nodes)
        {
            if (quantize.Op is Quantize && graph.Has(quantize)
                && ByteForms.IsByte(graph.Value(quantize.Outputs[0]))
                && graph.Maker(quantize.Inputs[0]) is { Outputs.Length: 1 } middle)
            {
                if (middle.Op is Dequantize && Rescales(graph, middle.Inputs[0], quantize))
                {
                    graph.Rewire(quantize, quantize.Op, middle.Inputs[0]);
                    did($"{quantize} rescales the integers of {middle}");
                    continue;
                }

                if (graph.OnlyReader(middle.Outputs[0]) != quantize)
                {
                    continue;
                }

                var place = new FusionPlace(graph, middle, quantize);
                if (Fuse(place))
                {
                    did($"{middle} works on integers up to {quantize}");
                }
            }
        }
    }

    static bool Fuse(FusionPlace place) => place.Middle.Op switch
    {
        Conv2D or DepthwiseConv2D or FullyConnected or TransposeConv => MacFusion.Fuse(place),
        BatchMatMul => place.FuseAll(place.Middle.Op, DType.Int8),
        Add or Sub or Mul or Div or PRelu or Concat => place.FuseAll(place.Middle.Op),
        Mean or Sum or Softmax or LogSoftmax => place.FuseAll(place.Middle.Op),
        AveragePool2D o when IsGlobal(place, o) =>
            place.FuseAll(new Mean(new ReduceAxes([1, 2], KeepDims: true))),
        AveragePool2D => place.FuseAll(place.Middle.Op),
        MaxPool2D { Activation: Activation.None or Activation.Relu } or ReduceMax or ReduceMin =>
            place.FuseKeeping(place.Middle.Op),
        _ when place.Middle.Op.OpCode is >= OpCode.Abs and < OpCode.Add => Function(place),
        _ => false,
    };

    // From one scale to another without floats.
    static bool Rescales(GraphEdit graph, int source, Node quantize)
    {
        Value x = graph.Value(source);
        Value y = graph.Value(quantize.Outputs[0]);
        var step = new ByteTable.Link(quantize.Op, y.Quant);
        return ByteForms.IsByte(x)
            && ByteTable.Of(x.DType, x.Quant!, step) is { } direct
            && ByteTable.Of(x.DType, x.Quant!, new(new Dequantize(), null), step) is { } detour
            && IsClose(direct, detour, y.DType);
    }

    static bool IsGlobal(FusionPlace place, AveragePool2D o)
    {
        Shape x = place.Graph.Value(place.Middle.Inputs[0]).Shape;
        PoolWindow2D w = o.Window;
        return o.Activation == Activation.None && w.KernelHeight == x[1] && w.KernelWidth == x[2]
            && w.PadTop + w.PadBottom + w.PadLeft + w.PadRight == 0;
    }

    // One table of 256 entries; it must agree with the detour to one step.
    static bool Function(FusionPlace place)
    {
        if (place.Middle.Inputs.Length != 1
            || ByteForms.Source(place.Graph, place.Middle.Inputs[0]) is not { } source)
        {
            return false;
        }

        foreach (DType type in place.Types([source]))
        {
            Value x = place.Graph.Value(source);
            Quantization from = x.DType == type ? x.Quant! : ByteForms.Shifted(x.Quant!, type);
            Quantization to = place.QuantAs(type);
            if (ByteTable.Of(type, from, new ByteTable.Link(place.Middle.Op, to)) is { } direct
                && ByteTable.Of(type, from, new(new Dequantize(), null),
                    new(place.Middle.Op, null), new(new Quantize(type), to)) is { } detour
                && IsClose(direct, detour, type)
                && place.FuseAll(place.Middle.Op, type))
            {
                return true;
            }
        }

        return false;
    }

    static bool IsClose(byte[] a, byte[] b, DType type)
    {
        for (int i = 0; i < a.Length; i++)
        {
            int step = type == DType.Int8 ? (sbyte)a[i] - (sbyte)b[i] : a[i] - b[i];
            if (Math.Abs(step) > 1)
            {
                return false;
            }
        }

        return true;
    }
}
