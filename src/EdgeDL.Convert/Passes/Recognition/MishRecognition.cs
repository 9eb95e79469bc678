using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>x · tanh(softplus(x)) is Mish.</summary>
sealed class MishRecognition : ProductRecognition
{
    public override string Name => "mish-recognition";

    protected override (Op Op, int X)? Find(GraphEdit graph, Product product)
    {
        if (product.Factors.Count != 2 || !product.IsTimes(1))
        {
            return null;
        }

        foreach (int factor in product.Factors)
        {
            if (graph.Maker(factor) is { Op: Tanh } tanh
                && graph.Maker(tanh.Inputs[0]) is { Op: Softplus } softplus
                && softplus.Inputs[0] == product.Other(factor))
            {
                return (new Mish(), softplus.Inputs[0]);
            }
        }

        return null;
    }
}
