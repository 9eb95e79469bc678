using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Normalisation of rows: an axis and all behind it.</summary>
static class RowNormImports
{
    public static void LayerNorm(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int axis = n.Axis(n.Long("axis", -1), x.Rank);
        float epsilon = n.Float("epsilon", 1e-5f);
        Statistics(n, n.Input(0), axis, epsilon);
        n.SetOutput(0, Normal(
            n, a => new LayerNorm(a, epsilon), n.Input(0), axis, n.Input(1), n.Input(2)));
    }

    public static void RmsNorm(NodeImport n)
    {
        int axis = n.Axis(n.Long("axis", -1), n.ShapeOf(0).Rank);
        float epsilon = n.Float("epsilon", 1e-5f);
        n.SetOutput(0, Normal(
            n, a => new RmsNorm(a, epsilon), n.Input(0), axis, n.Input(1), -1));
    }

    /// <summary>The norm of x + skip + bias, and that sum as the last output.</summary>
    public static void Skip(NodeImport n, bool simplified)
    {
        int sum = n.Add(new Add(Activation.None), "skip", n.Input(0), n.Input(1));
        int bias = n.Input(simplified ? 3 : 4);
        sum = bias < 0 ? sum : n.Add(new Add(Activation.None), "bias", sum, bias);
        int axis = n[sum].Shape.Rank - 1;
        float epsilon = n.Float("epsilon", simplified ? 1e-6f : 1e-12f);
        n.SetOutput(3, sum);
        n.SetOutput(0, simplified
            ? Normal(n, a => new RmsNorm(a, epsilon), sum, axis, n.Input(2), -1)
            : Normal(n, a => new LayerNorm(a, epsilon), sum, axis, n.Input(2), n.Input(3)));
    }

    // Parameters of another shape than the row's broadcast.
    static int Normal(
        NodeImport n, Func<int, Op> make, int x, int axis, int gamma, int beta)
    {
        Shape shape = n[x].Shape;
        int row = shape.Product(axis, shape.Rank);
        if ((gamma < 0 || n[gamma].Shape.Elements == row)
            && (beta < 0 || n[beta].Shape.Elements == row))
        {
            int g = gamma < 0 ? -1 : n.Reshape(gamma, row);
            return beta < 0
                ? n.Add(make(axis), "normal", x, g)
                : n.Add(make(axis), "normal", x, g, n.Reshape(beta, row));
        }

        int y = n.Add(make(axis), "plain", x);
        y = gamma < 0 ? y : n.Add(new Mul(Activation.None), "scaled", y, gamma);
        return beta < 0 ? y : n.Add(new Add(Activation.None), "shifted", y, beta);
    }

    static void Statistics(NodeImport n, int x, int axis, float epsilon)
    {
        if (!n.Wants(1) && !n.Wants(2))
        {
            return;
        }

        int rank = n[x].Shape.Rank;
        var axes = new ReduceAxes([.. Enumerable.Range(axis, rank - axis)], true);
        int mean = n.Add(new Mean(axes), "mean", x);
        int centred = n.Add(new Sub(Activation.None), "centred", x, mean);
        int variance = n.Add(
            new Mean(axes), "variance", n.Add(new Square(), "square", centred));
        int stable = n.Add(new Add(Activation.None), "stable", variance,
            n.Scalar("epsilon", epsilon, DType.Float32));
        n.SetOutput(1, mean);
        n.SetOutput(2, n.Add(new Rsqrt(), "inverse deviation", stable));
    }
}
