using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>
/// A constant by channel, or a dequantized one, added to what a convolution or a fully connected
/// layer without bias gives becomes its bias.
/// </summary>
sealed class BiasFusion : IPass
{
    public string Name => "bias-fusion";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node sum in graph.Nodes)
        {
            if (sum.Op is not Add add || !graph.Has(sum)
                || graph.Value(sum.Outputs[0]).DType != DType.Float32)
            {
                continue;
            }

            for (int i = 0; i < 2; i++)
            {
                int bias = sum.Inputs[1 - i];
                if (graph.Maker(sum.Inputs[i]) is { } maker && Takes(graph, maker, sum)
                    && IsBias(graph, bias, graph.Value(sum.Outputs[0]).Shape)
                    && IsThere(graph, bias, maker))
                {
                    graph.Absorb(maker, sum);
                    graph.Rewire(maker, FusedOps.With(maker.Op, add.Activation),
                        maker.Inputs[0], maker.Inputs[1], bias);
                    did($"{maker} adds for {sum}");
                    break;
                }
            }
        }
    }

    static bool Takes(GraphEdit graph, Node maker, Node sum) =>
        maker.Op is Conv2D or DepthwiseConv2D or FullyConnected or BlockFullyConnected
            or TransposeConv
        && FusedOps.Of(maker.Op) == Activation.None
        && (maker.Inputs.Length < 3 || maker.Inputs[2] < 0)
        && graph.OnlyReader(maker.Outputs[0]) == sum
        && graph.Value(maker.Outputs[0]).Shape == graph.Value(sum.Outputs[0]).Shape
        && (maker.Op is BlockFullyConnected
            || graph.Value(maker.Inputs[1]).DType == DType.Float32);

    // One number for each entry of the last axis.
    static bool IsBias(GraphEdit graph, int value, Shape y)
    {
        Shape shape = graph.Value(value).Shape;
        bool isKnown = graph.IsConstant(value)
            || (graph.Maker(value) is { Op: Dequantize } maker
                && graph.IsConstant(maker.Inputs[0]));
        return isKnown && shape.Rank > 0 && shape[-1] == y[-1] && shape.Elements == y[-1];
    }

    static bool IsThere(GraphEdit graph, int value, Node maker) =>
        graph.Maker(value) is not { } dequantize || graph.Precedes(dequantize, maker);
}
