using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>
/// A product of factors times a number, as multiplications and divisions spell it, in any order:
/// what exporters make of functions that the standard had no operator for.
/// </summary>
sealed class Product
{
    Product(List<int> factors, double number)
    {
        Factors = factors;
        Number = number;
    }

    /// <summary>The values multiplied, none of them a scalar constant.</summary>
    public List<int> Factors { get; }

    /// <summary>The product of the scalar constants.</summary>
    public double Number { get; }

    /// <summary>What a node multiplies; null if it is no fp32 product.</summary>
    public static Product? Of(GraphEdit graph, Node root)
    {
        if (!IsProduct(graph, root))
        {
            return null;
        }

        var factors = new List<int>();
        double number = 1;
        var open = new Stack<Node>([root]);
        while (open.TryPop(out Node? node))
        {
            for (int i = 0; i < 2; i++)
            {
                int x = node.Inputs[i];
                bool divides = node.Op is Div && i == 1;
                if (Scalar(graph, x) is { } scalar)
                {
                    number *= divides ? 1 / scalar : scalar;
                }
                else if (divides)
                {
                    return null;
                }
                else if (graph.OnlyReader(x) is not null && graph.Maker(x) is { } maker
                    && IsProduct(graph, maker))
                {
                    open.Push(maker);
                }
                else
                {
                    factors.Add(x);
                }
            }
        }

        return new Product(factors, number);
    }

    /// <summary>True if the number is as near to another as exporters write it.</summary>
    public bool IsTimes(double number) => Near(Number, number);

    /// <summary>The other of two factors.</summary>
    public int Other(int factor) => Factors[0] == factor ? Factors[1] : Factors[0];

    /// <summary>The only element of an fp32 constant; null for anything else.</summary>
    public static double? Scalar(GraphEdit graph, int value) =>
        value >= 0 && graph.Value(value) is
            { DType: DType.Float32, Constant: { } c, Shape.Elements: 1 }
            ? c.As<float>()[0]
            : null;

    /// <summary>
    /// x, if the node is x op number in either order of a commutative op; −1 otherwise.
    /// </summary>
    public static int With(GraphEdit graph, Node? node, double number)
    {
        if (node is not { Inputs.Length: 2 } || FusedOps.Of(node.Op) != Activation.None)
        {
            return -1;
        }

        for (int i = 0; i < 2; i++)
        {
            bool commutes = node.Op is Add or Mul;
            if ((commutes || i == 1) && Scalar(graph, node.Inputs[i]) is { } scalar
                && Near(scalar, number))
            {
                return node.Inputs[1 - i];
            }
        }

        return -1;
    }

    public static bool Near(double a, double b) =>
        Math.Abs(a - b) <= 1e-4 * Math.Max(Math.Abs(a), Math.Abs(b));

    static bool IsProduct(GraphEdit graph, Node node) => node.Op
        is Mul { Activation: Activation.None } or Div { Activation: Activation.None }
        && graph.Value(node.Outputs[0]).DType == DType.Float32;
}
