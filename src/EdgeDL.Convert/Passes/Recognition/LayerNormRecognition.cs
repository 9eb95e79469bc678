using EdgeDL.Convert.Passes.Layout;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>
/// (x − mean) / √(mean((x − mean)²) + ε) over the last axes is layer normalization; a constant
/// gamma multiplied and a constant beta added behind it become its own.
/// </summary>
sealed class LayerNormRecognition : IPass
{
    public string Name => "layer-norm-recognition";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (!graph.Has(node))
            {
                continue;
            }

            if (Spelled(graph, node) is { } found)
            {
                graph.Rewire(node, found.Op, found.X);
                did($"{node.Name} normalizes '{graph.Value(found.X).Name}'");
            }
            else if (node.Op is Mul or Add && FusedOps.Of(node.Op) == Activation.None)
            {
                Absorb(graph, node, did);
            }
        }
    }

    static (LayerNorm Op, int X)? Spelled(GraphEdit graph, Node node)
    {
        // d / √v, or d · 1/√v.
        int d = node.Inputs.Length == 2 ? node.Inputs[0] : -1;
        int root = -1;
        if (node.Op is Div { Activation: Activation.None }
            && graph.Maker(node.Inputs[1]) is { Op: Sqrt } sqrt)
        {
            root = sqrt.Inputs[0];
        }
        else if (node.Op is Mul { Activation: Activation.None })
        {
            int i = graph.Maker(node.Inputs[1])?.Op is Rsqrt or Reciprocal ? 1 : 0;
            d = node.Inputs[1 - i];
            root = Inverted(graph, graph.Maker(node.Inputs[i]));
        }

        if (graph.Maker(root) is not { Op: Add { Activation: Activation.None } } sum
            || graph.Maker(d) is not { Op: Sub { Activation: Activation.None } } difference
            || graph.Maker(difference.Inputs[1]) is not { Op: Mean mean } average
            || average.Inputs[0] != difference.Inputs[0])
        {
            return null;
        }

        int x = difference.Inputs[0];
        int e = Product.Scalar(graph, sum.Inputs[1]) is null ? 0 : 1;
        return Product.Scalar(graph, sum.Inputs[e]) is { } epsilon
            && graph.Maker(sum.Inputs[1 - e]) is { Op: Mean variance } outer
            && IsSquare(graph, outer.Inputs[0], d, x, average.Outputs[0])
            && Axis(graph.Value(x).Shape, mean.Axes) is { } axis
            && Axis(graph.Value(x).Shape, variance.Axes) == axis && epsilon >= 0
            && graph.Value(x).DType == DType.Float32
            ? (new LayerNorm(axis, (float)epsilon), x)
            : null;
    }

    static int Inverted(GraphEdit graph, Node? node) => node?.Op switch
    {
        Rsqrt => node.Inputs[0],
        Reciprocal when graph.Maker(node.Inputs[0]) is { Op: Sqrt } sqrt => sqrt.Inputs[0],
        _ => -1,
    };

    // (x − mean)², however it is written.
    static bool IsSquare(GraphEdit graph, int value, int d, int x, int mean) =>
        graph.Maker(value) is { } node && node.Op switch
        {
            Square => IsDifference(graph, node.Inputs[0], d, x, mean),
            Mul { Activation: Activation.None } => node.Inputs[0] == node.Inputs[1]
                && IsDifference(graph, node.Inputs[0], d, x, mean),
            Pow => Product.Scalar(graph, node.Inputs[1]) == 2
                && IsDifference(graph, node.Inputs[0], d, x, mean),
            SquaredDifference => node.Inputs[0] == x && node.Inputs[1] == mean,
            _ => false,
        };

    static bool IsDifference(GraphEdit graph, int value, int d, int x, int mean) => value == d
        || (graph.Maker(value) is { Op: Sub } sub && sub.Inputs[0] == x && sub.Inputs[1] == mean);

    // The first of the last axes, if these are what is averaged, and the axes stay.
    static int? Axis(Shape x, ReduceAxes axes)
    {
        int first = x.Rank - axes.Axes.Length;
        bool isLast = axes.Axes.Order().SequenceEqual(Enumerable.Range(first, axes.Axes.Length));
        return axes.KeepDims && isLast && axes.Axes.Length > 0 ? first : null;
    }

    static void Absorb(GraphEdit graph, Node node, Action<string> did)
    {
        int c = graph.IsConstant(node.Inputs[0]) ? 0 : 1;
        if (graph.Maker(node.Inputs[1 - c]) is not { Op: LayerNorm op } norm
            || graph.OnlyReader(norm.Outputs[0]) != node || !graph.IsConstant(node.Inputs[c]))
        {
            return;
        }

        Shape x = graph.Value(norm.Inputs[0]).Shape;
        Value parameter = graph.Value(node.Inputs[c]);
        int length = x.Product(op.Axis, x.Rank);
        int gamma = norm.Inputs.Length > 1 ? norm.Inputs[1] : -1;
        int beta = norm.Inputs.Length > 2 ? norm.Inputs[2] : -1;
        bool fits = parameter.Shape.Elements == length
            && parameter.Shape.Rank <= x.Rank && graph.Value(node.Outputs[0]).Shape == x;
        if (!fits || beta >= 0 || (node.Op is Mul && gamma >= 0))
        {
            return;
        }

        int flat = graph.AddConstant(
            parameter.Name, DType.Float32, new Shape(length), parameter.Constant!, quant: null);
        int[] inputs = node.Op is Mul
            ? [norm.Inputs[0], flat]
            : [norm.Inputs[0], gamma, flat];
        graph.Absorb(norm, node);
        graph.Rewire(norm, op, inputs);
        did($"{norm} takes {node}");
    }
}
