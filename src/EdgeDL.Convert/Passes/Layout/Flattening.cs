using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// A fully connected layer that reads a flattened tensor: its constant weights can be put in the
/// order of the tensor, so that nobody has to transpose it.
/// </summary>
static class Flattening
{
    /// <summary>What a node that flattens, or the layer itself, becomes; null for others.</summary>
    public static Relayout? Find(GraphEdit graph, Node node, int value, int[] perm)
    {
        if (node.Inputs.Length == 0 || node.Inputs[0] != value || node.Outputs.Length != 1)
        {
            return null;
        }

        Shape x = graph.Value(value).Shape;
        Shape y = graph.Value(node.Outputs[0]).Shape;
        Node[] layers = node.Op switch
        {
            FullyConnected { KeepDims: false } => [node],
            Reshape when !graph.IsOutput(node.Outputs[0]) =>
                [.. graph.Readers(node.Outputs[0])],
            _ => [],
        };
        bool all = layers.Length > 0 && Array.TrueForAll(
            layers, l => Takes(graph, l, node, x, perm));
        if (!all)
        {
            return null;
        }

        int[]?[] inputs = new int[]?[node.Inputs.Length];
        inputs[0] = perm;
        Op op = node.Op is Reshape ? new Reshape(y.ToArray()) : node.Op;
        return new Relayout(op, inputs, [null]) { Absorbers = layers };
    }

    static bool Takes(GraphEdit graph, Node layer, Node flattening, Shape x, int[] perm)
    {
        if (layer.Op is not FullyConnected || !graph.IsConstant(layer.Inputs[1])
            || (layer != flattening && layer.Inputs[0] != flattening.Outputs[0]))
        {
            return false;
        }

        Value weights = graph.Value(layer.Inputs[1]);
        return weights.DType.Size() > 0 && weights.Quant is null or { BlockSize: 0, Axis: <= 0 }
            && Split(x, perm, weights.Shape[1]) is not null;
    }

    /// <summary>
    /// The first axis of a row of so many values, if rows stay rows under the permutation.
    /// </summary>
    public static int? Split(Shape x, int[] perm, int length)
    {
        int axis = x.Rank;
        int product = 1;
        while (axis > 0 && (product < length || x[axis - 1] == 1) && product <= length)
        {
            product *= x[--axis];
        }

        if (product != length)
        {
            return null;
        }

        // Rows: the axes before must come first and keep their order; units may lie anywhere.
        int last = -1;
        bool inRow = false;
        foreach (int a in perm)
        {
            if (x[a] == 1)
            {
                continue;
            }

            if (a >= axis)
            {
                inRow = true;
            }
            else if (inRow || a < last)
            {
                return null;
            }
            else
            {
                last = a;
            }
        }

        return axis;
    }

    /// <summary>Puts the weights of a layer in the order of x permuted.</summary>
    public static void Absorb(GraphEdit graph, Node layer, Shape x, int[] perm)
    {
        Value weights = graph.Value(layer.Inputs[1]);
        int axis = Split(x, perm, weights.Shape[1])!.Value;
        int[] inner = [.. perm.Where(a => a >= axis).Select(a => a - axis + 1)];
        var unfolded = new Shape([weights.Shape[0], .. x.Dims[axis..]]);
        Constant bytes = ConstantMoves.Transpose(
            weights.Constant!, weights.DType, unfolded, [0, .. inner]);
        int moved = graph.AddConstant(
            weights.Name, weights.DType, weights.Shape, bytes, weights.Quant);
        graph.Rewire(layer, layer.Op, [layer.Inputs[0], moved, .. layer.Inputs[2..]]);
    }
}
