using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// Cancels transposes: two in a row become one, elementwise functions of one input let them
/// through, one that moves only axes of extent 1 becomes a reshape, one that moves nothing goes.
/// </summary>
sealed class TransposeRemoval : IPass
{
    public string Name => "transpose-removal";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is not Transpose transpose || !graph.Has(node))
            {
                continue;
            }

            if (LiftOverUnary(graph, node, did))
            {
                transpose = (Transpose)node.Op;
            }

            if (graph.Maker(node.Inputs[0]) is { Op: Transpose first } before)
            {
                // y[d] = mid[p[d]] and mid[d] = x[q[d]], so y[d] = x[q[p[d]]].
                int[] perm = Compose(first.Perm, transpose.Perm);
                transpose = new Transpose(perm);
                graph.Rewire(node, transpose, before.Inputs[0]);
                did($"joined {before} and {node}");
            }

            Value x = graph.Value(node.Inputs[0]);
            Value y = graph.Value(node.Outputs[0]);
            bool sameQuant = Quantization.Same(x.Quant, y.Quant);
            if (KeepsOrder(transpose.Perm, x.Shape)
                && (sameQuant || x.Quant is null or { IsPerTensor: true }))
            {
                graph.Rewire(node, new Reshape(y.Shape.ToArray()), node.Inputs[0]);
                did($"{node.Name} moves no element: a reshape, which costs nothing");
            }
        }
    }

    // x → transpose → f → transpose becomes x → f → transpose → transpose, for the next step.
    static bool LiftOverUnary(GraphEdit graph, Node node, Action<string> did)
    {
        if (graph.Maker(node.Inputs[0]) is not { } unary || !IsElementwise(unary)
            || graph.OnlyReader(unary.Outputs[0]) != node
            || graph.Maker(unary.Inputs[0]) is not { Op: Transpose first } before
            || graph.OnlyReader(before.Outputs[0]) != unary)
        {
            return false;
        }

        int[] perm = Compose(first.Perm, ((Transpose)node.Op).Perm);
        Value between = graph.Value(unary.Outputs[0]);
        between.Shape = graph.Value(before.Inputs[0]).Shape;
        graph.Rewire(unary, unary.Op, before.Inputs[0]);
        graph.Remove(before);
        graph.Rewire(node, new Transpose(perm), unary.Outputs[0]);
        did($"joined {before} and {node} across {unary}");
        return true;
    }

    static bool IsElementwise(Node node) =>
        node.Op.OpCode is >= OpCode.Abs and < OpCode.Add && node.Inputs.Length == 1;

    static int[] Compose(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var perm = new int[second.Length];
        for (int d = 0; d < perm.Length; d++)
        {
            perm[d] = first[second[d]];
        }

        return perm;
    }

    static bool KeepsOrder(ReadOnlySpan<int> perm, Shape x)
    {
        int last = -1;
        foreach (int axis in perm)
        {
            if (x[axis] == 1)
            {
                continue;
            }

            if (axis < last)
            {
                return false;
            }

            last = axis;
        }

        return true;
    }
}
