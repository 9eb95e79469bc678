using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>clip(x + 3, 0, 6) / 6 is the hard sigmoid with slope 1/6.</summary>
sealed class HardSigmoidRecognition : ProductRecognition
{
    public override string Name => "hard-sigmoid-recognition";

    protected override (Op Op, int X)? Find(GraphEdit graph, Product product)
    {
        if (product.Factors is not [var factor] || !product.IsTimes(1 / 6.0))
        {
            return null;
        }

        int x = HardSwishRecognition.Shifted(graph, graph.Maker(factor));
        return x < 0 ? null : (new HardSigmoid(1 / 6f, 0.5f), x);
    }
}
