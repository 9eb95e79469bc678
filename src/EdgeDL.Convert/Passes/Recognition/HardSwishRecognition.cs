using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>
/// x · clip(x + 3, 0, 6) / 6 is hard swish, and so is x times its hard sigmoid.
/// </summary>
sealed class HardSwishRecognition : ProductRecognition
{
    public override string Name => "hard-swish-recognition";

    protected override (Op Op, int X)? Find(GraphEdit graph, Product product)
    {
        if (product.Factors.Count != 2)
        {
            return null;
        }

        foreach (int factor in product.Factors)
        {
            int x = product.Other(factor);
            Node? gate = graph.Maker(factor);
            bool isSigmoid = gate?.Op is HardSigmoid h && product.IsTimes(1)
                && Product.Near(h.Alpha, 1 / 6.0) && Product.Near(h.Beta, 0.5)
                && gate.Inputs[0] == x;
            bool isClipped = product.IsTimes(1 / 6.0) && Shifted(graph, gate) == x;
            if (isSigmoid || isClipped)
            {
                return (new HardSwish(), x);
            }
        }

        return null;
    }

    /// <summary>x of clip(x + 3, 0, 6); −1 for anything else.</summary>
    public static int Shifted(GraphEdit graph, Node? node)
    {
        if (node?.Op is Add { Activation: Activation.Relu6 })
        {
            // The clamp has been fused into the addition.
            for (int i = 0; i < 2; i++)
            {
                if (Product.Scalar(graph, node.Inputs[i]) is { } three && Product.Near(three, 3))
                {
                    return node.Inputs[1 - i];
                }
            }
        }

        return node?.Op is Relu6 or Clip { Low: 0, High: 6 }
            ? graph.Maker(node.Inputs[0]) is { Op: Add } sum ? Product.With(graph, sum, 3) : -1
            : -1;
    }
}
