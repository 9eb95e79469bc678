using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>
/// x · (1 + erf(x / √2)) / 2 is GELU; x · (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2 its usual
/// approximation  (Hendrycks and Gimpel, 2016).
/// </summary>
sealed class GeluRecognition : ProductRecognition
{
    public override string Name => "gelu-recognition";

    protected override (Op Op, int X)? Find(GraphEdit graph, Product product)
    {
        if (product.Factors.Count != 2 || !product.IsTimes(0.5))
        {
            return null;
        }

        foreach (int factor in product.Factors)
        {
            int x = product.Other(factor);
            if (graph.Maker(factor) is not { Op: Add } sum
                || graph.Maker(Product.With(graph, sum, 1)) is not { } inner)
            {
                continue;
            }

            if (inner.Op is Erf && Scaled(graph, inner.Inputs[0], Math.Sqrt(0.5)) == x)
            {
                return (new Gelu(), x);
            }

            if (inner.Op is Tanh && IsCubic(graph, Scaled(
                graph, inner.Inputs[0], Math.Sqrt(2 / Math.PI)), x))
            {
                return (new GeluTanh(), x);
            }
        }

        return null;
    }

    // x of x · number or x / (1/number).
    static int Scaled(GraphEdit graph, int value, double number) =>
        graph.Maker(value) is { } node && Product.Of(graph, node) is { Factors: [var x] } product
            && product.IsTimes(number)
            ? x
            : -1;

    // x + 0.044715·x³
    static bool IsCubic(GraphEdit graph, int value, int x)
    {
        if (graph.Maker(value) is not { Op: Add { Activation: Activation.None } } sum
            || !sum.Inputs.Contains(x))
        {
            return false;
        }

        int cube = sum.Inputs[0] == x ? sum.Inputs[1] : sum.Inputs[0];
        if (graph.Maker(cube) is not { } node || Product.Of(graph, node) is not { } product
            || !product.IsTimes(0.044715))
        {
            return false;
        }

        return product.Factors.All(f => f == x)
            ? product.Factors.Count == 3
            : product.Factors is [var power] && graph.Maker(power) is { Op: Pow } p
                && p.Inputs[0] == x && Product.Scalar(graph, p.Inputs[1]) == 3;
    }
}
