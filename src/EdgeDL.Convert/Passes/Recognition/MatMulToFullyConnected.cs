using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>
/// A product with one constant matrix is a fully connected layer, which takes a bias, an
/// activation and int8 weights by channel.
/// </summary>
sealed class MatMulToFullyConnected : IPass
{
    public string Name => "matmul-to-fully-connected";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not BatchMatMul { AdjointX: false } product
                || !IsKnown(graph, node.Inputs[1])
                || graph.Value(node.Inputs[0]).DType != DType.Float32
                || Matrix(graph.Value(node.Inputs[1]).Shape) is not { } matrix
                || graph.Value(node.Inputs[1]).Shape.Rank > graph.Value(node.Inputs[0]).Shape.Rank)
            {
                continue;
            }

            int weights = node.Inputs[1];
            if (graph.Value(weights).Shape.Rank > 2)
            {
                weights = Before(graph, node, new Reshape(matrix.ToArray()), matrix, weights);
            }

            if (!product.AdjointY)
            {
                weights = Before(graph, node, new Transpose([1, 0]),
                    new Shape(matrix[1], matrix[0]), weights);
            }

            var op = new FullyConnected(keepDims: true, Activation.None);
            graph.Rewire(node, op, node.Inputs[0], weights);
            did($"{node.Name} is a fully connected layer");
        }
    }

    // Constant, or dequantized from a constant.
    static bool IsKnown(GraphEdit graph, int value) => graph.IsConstant(value)
        || (graph.Maker(value) is { Op: Dequantize } maker && graph.IsConstant(maker.Inputs[0]));

    static Shape? Matrix(Shape shape) => shape.Rank >= 2 && shape.Product(0, shape.Rank - 2) == 1
        ? new Shape(shape[-2], shape[-1])
        : null;

    static int Before(GraphEdit graph, Node node, Op op, Shape shape, int value)
    {
        string name = graph.Value(value).Name;
        int result = graph.AddValue(name, DType.Float32, shape, quant: null);
        graph.InsertBefore(node, new Node($"{name}/{op.OpCode}", op, [value], [result]));
        return result;
    }
}
