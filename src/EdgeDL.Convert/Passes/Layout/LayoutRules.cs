using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// Which ops can work on permuted tensors, and what they become. A rule starts from the
/// permutation of the first input; <see cref="FromOutput"/> finds that from the result's.
/// </summary>
static class LayoutRules
{
    /// <summary>
    /// What <paramref name="node"/> becomes if <paramref name="value"/>, which it reads or
    /// writes, is permuted; null if it has to stay.
    /// </summary>
    public static Relayout? Find(GraphEdit graph, Node node, int value, int[] perm)
    {
        if (node.Inputs.Length == 0 || node.Outputs.Length == 0 || node.Inputs[0] < 0
            || HasOddParts(graph, node))
        {
            return null;
        }

        Shape x = graph.Value(node.Inputs[0]).Shape;
        if (IsElementwise(node.Op.OpCode))
        {
            return Elementwise(graph, node, perm);
        }

        int[]? first = node.Inputs.Contains(value)
            ? (node.Inputs[0] == value || node.Op is Concat or Pack ? perm : null)
            : FromOutput(graph, node, perm);
        if (first is null)
        {
            return null;
        }

        return MoveRules.Find(graph, node, x, first) ?? ReduceRules.Find(graph, node, x, first);
    }

    // Packed nibbles can't be moved one by one, nor can blocks that share a scale.
    static bool HasOddParts(GraphEdit graph, Node node) =>
        node.Inputs.Concat(node.Outputs).Any(v => v >= 0
            && (graph.Value(v).DType == DType.Int4 || graph.Value(v).Quant is { BlockSize: > 0 }));

    static int[]? FromOutput(GraphEdit graph, Node node, int[] perm)
    {
        Shape x = graph.Value(node.Inputs[0]).Shape;
        Shape y = graph.Value(node.Outputs[0]).Shape;
        return node.Op switch
        {
            Reshape => ReshapeAxes.Through(y, perm, x),
            StridedSlice o when o.Dims.Length != o.Count.Length || !o.Dims.SequenceEqual(o.Count) =>
                ReshapeAxes.Through(y, perm, new Shape(o.Count)),
            Gather or Unpack or Pack => null,
            _ => perm.Length == x.Rank && x.Rank == y.Rank ? perm : null,
        };
    }

    static bool IsElementwise(OpCode code) => code is OpCode.Identity or OpCode.Cast
        or OpCode.Quantize or OpCode.DynamicQuantize or OpCode.Dequantize or OpCode.FakeQuant
        or OpCode.Bitcast
        or (>= OpCode.Abs and < OpCode.Cast);

    // Every operand lies as the result does, axis by axis from the last on.
    static Relayout? Elementwise(GraphEdit graph, Node node, int[] perm)
    {
        int rank = graph.Value(node.Outputs[0]).Shape.Rank;
        if (node.Op is DynamicQuantizeLinear && perm.Length == rank)
        {
            // One range for all, whatever the order.
            return new Relayout(node.Op, [perm], [perm, null, null]);
        }

        if (node.Outputs.Length != 1 || perm.Length != rank)
        {
            return null;
        }

        var inputs = new int[]?[node.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (node.Inputs[i] < 0)
            {
                continue;
            }

            Value x = graph.Value(node.Inputs[i]);
            if (x.Shape.Elements == 1 && x.Shape.Rank < rank)
            {
                continue;
            }

            bool canRise = x.Quant is null or { Axis: < 0 }
                && (x.Constant is not null || Extents(x.Shape) <= 1);
            if (x.Shape.Rank < rank && !canRise)
            {
                return null;
            }

            inputs[i] = perm;
        }

        return new Relayout(node.Op, inputs, [perm]);
    }

    static int Extents(Shape shape)
    {
        int count = 0;
        foreach (int d in shape.Dims)
        {
            count += d == 1 ? 0 : 1;
        }

        return count;
    }
}
