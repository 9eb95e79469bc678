using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Quantized;

/// <summary>
/// Takes out a clamp in front of a quantization whose own range is as narrow: Q(clamp(x)) = Q(x)
/// where both ends of the clamp quantize to the ends of the type.
/// </summary>
sealed class ClampBeforeQuantize : IPass
{
    public string Name => "clamp-before-quantize";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node clamp in graph.Nodes)
        {
            if (Range(clamp.Op) is { } range && graph.Has(clamp)
                && !graph.IsOutput(clamp.Outputs[0])
                && graph.Value(clamp.Outputs[0]).DType == DType.Float32
                && graph.Readers(clamp.Outputs[0]).Count > 0
                && graph.Readers(clamp.Outputs[0]).All(r => Saturates(graph, r, range))
                && graph.Replace(clamp.Outputs[0], clamp.Inputs[0]))
            {
                graph.Remove(clamp);
                did($"took out {clamp}, whose ends are those of the quantization");
            }
        }
    }

    static (float Low, float High)? Range(Op op) => op switch
    {
        Relu => Activation.Relu.Range(),
        Relu6 => Activation.Relu6.Range(),
        ReluN1To1 => Activation.ReluN1To1.Range(),
        Relu0To1 => (0, 1),
        Clip o => (o.Low, o.High),
        _ => null,
    };

    static bool Saturates(GraphEdit graph, Node reader, (float Low, float High) range)
    {
        Value y = graph.Value(reader.Outputs[0]);
        if (reader.Op is not Quantize || !ByteForms.IsByte(y))
        {
            return false;
        }

        (int least, int most) = Activation.None.Range(y.DType, y.Quant);
        double Steps(float real) => Math.Round((double)real / y.Quant!.Scale) + y.Quant.ZeroPoint;
        return Steps(range.Low) <= least && Steps(range.High) >= most;
    }
}
