using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// Lets an op clamp its own result where a ReLU alone reads it. An 8-bit ReLU must be a clamp to
/// the range that the fused op would clamp to, shown for all 256 values.
/// </summary>
sealed class ActivationFusion : IPass
{
    public string Name => "activation-fusion";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node relu in graph.Nodes)
        {
            Activation activation = relu.Op switch
            {
                Relu or Clip { Low: 0, High: float.PositiveInfinity or float.MaxValue } =>
                    Activation.Relu,
                Relu6 or Clip { Low: 0, High: 6 } => Activation.Relu6,
                ReluN1To1 or Clip { Low: -1, High: 1 } => Activation.ReluN1To1,
                _ => Activation.None,
            };
            if (activation != Activation.None && graph.Maker(relu.Inputs[0]) is { } maker
                && FusedOps.Of(maker.Op) == Activation.None
                && graph.OnlyReader(maker.Outputs[0]) == relu
                && IsClamp(graph, relu, activation))
            {
                graph.Absorb(maker, relu);
                graph.Rewire(maker, FusedOps.With(maker.Op, activation), maker.Inputs);
                did($"{maker} clamps for {relu}");
            }
        }
    }

    static bool IsClamp(GraphEdit graph, Node relu, Activation activation)
    {
        Value x = graph.Value(relu.Inputs[0]);
        Value y = graph.Value(relu.Outputs[0]);
        if (x.DType == DType.Float32)
        {
            return true;
        }

        if (x.DType is not (DType.Int8 or DType.UInt8) || x.Quant is null
            || !Quantization.Same(x.Quant, y.Quant)
            || ByteTable.Of(x.DType, x.Quant,
                new ByteTable.Link(relu.Op, y.Quant)) is not { } table)
        {
            return false;
        }

        (int low, int high) = activation.Range(x.DType, x.Quant);
        for (int i = 0; i < table.Length; i++)
        {
            int q = x.DType == DType.Int8 ? (sbyte)i : i;
            if (table[i] != unchecked((byte)Math.Clamp(q, low, high)))
            {
                return false;
            }
        }

        return true;
    }
}
