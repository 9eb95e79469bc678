using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>x · σ(x) is SiLU.</summary>
sealed class SiluRecognition : ProductRecognition
{
    public override string Name => "silu-recognition";

    protected override (Op Op, int X)? Find(GraphEdit graph, Product product)
    {
        if (product.Factors.Count != 2 || !product.IsTimes(1))
        {
            return null;
        }

        foreach (int factor in product.Factors)
        {
            if (graph.Maker(factor) is { Op: Logistic } gate
                && gate.Inputs[0] == product.Other(factor))
            {
                return (new Silu(), gate.Inputs[0]);
            }
        }

        return null;
    }
}
