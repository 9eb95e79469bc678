using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Before opset 7 the second operand was aligned at an axis: [2, 3, 4, 5] + [3, 4] at axis 1.
/// </summary>
static class LegacyBroadcast
{
    /// <summary>The two operands, the second shaped so that NumPy's rule aligns it.</summary>
    public static int[] Operands(NodeImport n)
    {
        int a = n.Input(0);
        int b = n.Input(1);
        if (n.Opset >= 7 || !n.Flag("broadcast"))
        {
            return [a, b];
        }

        Shape x = n[a].Shape;
        Shape y = n[b].Shape;
        int axis = n.HasAttribute("axis") ? n.Axis(n.Long("axis", 0), x.Rank) : x.Rank - y.Rank;
        int after = x.Rank - axis - y.Rank;
        if (after < 0)
        {
            throw n.Fail($"{y} does not fit into {x} at axis {axis}");
        }

        return [a, n.Reshape(b, [.. y.ToArray(), .. Enumerable.Repeat(1, after)])];
    }
}
