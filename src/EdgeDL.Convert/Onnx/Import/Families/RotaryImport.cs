using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Rotary embedding: pairs of numbers (a, b) turned by an angle of their position,
/// (a·cos − b·sin, a·sin + b·cos). Su et al., 2021.
/// </summary>
static class RotaryImport
{
    // Inputs: x, cosines, sines, positions.
    public static void Standard(NodeImport n) => Turn(n, cos: 1, sin: 2, positions: 3);

    // Inputs: x, positions, cosines, sines.
    public static void Microsoft(NodeImport n) => Turn(n, cos: 2, sin: 3, positions: 1);

    static void Turn(NodeImport n, int cos, int sin, int positions)
    {
        bool flat = n.ShapeOf(0).Rank == 3;
        int partial = n.Int("rotary_embedding_dim", 0);
        int half = n.ShapeOf(cos)[-1];
        int heads = n.Int("num_heads", 0);
        heads = heads == 0 && flat ? n.ShapeOf(0)[2] / Math.Max(2 * half, 1) : heads;
        int x = flat ? AttentionImports.Heads(n, n.Input(0), heads) : n.Input(0);
        Shape s = n[x].Shape;
        int width = partial == 0 ? s[-1] : partial;
        if (s.Rank != 4 || width != 2 * half || width > s[3])
        {
            throw n.Fail($"{width} numbers of {s} don't make {half} pairs");
        }

        int turned = n.Add(
            new Slice([0, 0, 0, 0], [s[0], s[1], s[2], width]), "turned part", x);
        int y = Pairs(
            n, turned, Angles(n, cos, positions, s), Angles(n, sin, positions, s), half);
        if (width < s[3])
        {
            int rest = n.Add(
                new Slice([0, 0, 0, width], [s[0], s[1], s[2], s[3] - width]), "rest", x);
            y = n.Add(new Concat(3), "whole", y, rest);
        }

        n.SetOutput(0, flat ? AttentionImports.Joined(n, y) : y);
    }

    // [batch, 1, time, half]: rows chosen by position, or as they are.
    static int Angles(NodeImport n, int table, int positions, Shape x)
    {
        int rows = n.Input(table);
        if (n.Has(positions))
        {
            int at = n.Input(positions);
            if (n[at].Shape.Elements == 1 && x[2] > 1)
            {
                // One position is that of the first step.
                at = n.Add(new Add(Activation.None), "positions", n.Reshape(at, 1, 1),
                    n.Reshape(n.Places("steps", x[2], t => t), 1, x[2]));
            }

            rows = n.Add(new Gather(0, 0), $"rows of {table}", rows, at);
        }

        Shape s = n[rows].Shape;
        return s.Rank == 3 && s[1] == x[2] && (s[0] == x[0] || s[0] == 1)
            ? n.Reshape(rows, s[0], 1, s[1], s[2])
            : throw n.Fail($"angles {s} don't fit {x}");
    }

    static int Pairs(NodeImport n, int x, int cos, int sin, int half)
    {
        Shape s = n[x].Shape;
        bool interleaved = n.Flag("interleaved");
        // Pairs lie side by side, or half a row apart.
        int pairs = interleaved
            ? n.Reshape(x, s[0], s[1], s[2], half, 2)
            : n.Reshape(x, s[0], s[1], s[2], 2, half);
        int axis = interleaved ? 4 : 3;
        int[] both = n.AddMany(new Split(axis, [1, 1]), "pairs", 2, pairs);
        int a = n.Reshape(both[0], s[0], s[1], s[2], half);
        int b = n.Reshape(both[1], s[0], s[1], s[2], half);
        int first = n.Add(new Sub(Activation.None), "first", Product(n, a, cos, "a cos"),
            Product(n, b, sin, "b sin"));
        int second = n.Add(new Add(Activation.None), "second", Product(n, a, sin, "a sin"),
            Product(n, b, cos, "b cos"));
        int[] dims = interleaved
            ? [s[0], s[1], s[2], half, 1]
            : [s[0], s[1], s[2], 1, half];
        int y = n.Add(
            new Concat(axis), "together", n.Reshape(first, dims), n.Reshape(second, dims));
        return n.Reshape(y, s.ToArray());
    }

    static int Product(NodeImport n, int a, int b, string name) =>
        n.Add(new Mul(Activation.None), name, a, b);
}
