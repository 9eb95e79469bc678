using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// RNN, GRU and LSTM: each direction becomes a layer of its own, their results are stacked.
/// </summary>
static class RecurrentImports
{
    // Operands of all three; the last two are the LSTM's.
    const int Bias = 3;
    const int Lengths = 4;
    const int FirstHidden = 5;
    const int FirstCell = 6;
    const int Peephole = 7;

    public static void Register(OnnxTable t)
    {
        t.Add("RNN", n => Import(n, gates: 1, states: 1, ["Tanh"],
            (reverse, clip, f) => new RnnLayer(reverse, clip, f)));
        t.Add("GRU", n => Import(n, 3, 1, ["Sigmoid", "Tanh"],
            (reverse, clip, f) => new GruLayer(
                reverse, clip, f, n.Flag("linear_before_reset"))));
        t.Add("LSTM", n => Import(n, 4, 2, ["Sigmoid", "Tanh", "Tanh"],
            (reverse, clip, f) => new LstmLayer(reverse, clip, f, n.Flag("input_forget"))));
    }

    static void Import(
        NodeImport n, int gates, int states, string[] usual,
        Func<bool, float, GateFunction[], Op> make)
    {
        string direction = n.Text("direction", "forward");
        int directions = direction == "bidirectional" ? 2 : 1;
        if (direction is not ("forward" or "reverse" or "bidirectional"))
        {
            throw n.Fail($"there is no direction '{direction}'");
        }

        Shape r = n.ShapeOf(2);
        if (n.ShapeOf(0).Rank != 3 || r.Rank != 3 || r[0] != directions)
        {
            throw n.Fail($"it takes a sequence and {directions} times recurrent weights, gets "
                + $"{n.ShapeOf(0)} and {r}");
        }

        bool batchFirst = n.Long("layout", 0) != 0;
        GateFunction[] functions = GateFunctions.Of(n, usual, directions);
        var results = new int[directions][];
        for (int d = 0; d < directions; d++)
        {
            Op layer = make(
                direction == "reverse" || d == 1, n.Float("clip", 0),
                functions[(d * usual.Length)..((d + 1) * usual.Length)]);
            results[d] = n.AddMany(
                layer, $"direction {d}", 1 + states, Operands(n, d, gates, states, batchFirst));
        }

        for (int o = 0; o <= states; o++)
        {
            n.SetOutput(o, Stack(n, [.. results.Select(result => result[o])], o, batchFirst));
        }
    }

    static int[] Operands(NodeImport n, int d, int gates, int states, bool batchFirst)
    {
        int x = batchFirst ? n.Transpose(n.Input(0), 1, 0, 2) : n.Input(0);
        int rows = gates * n.ShapeOf(2)[2];
        int lengths = n.Has(Lengths) ? n.Input(Lengths) : -1;
        if (lengths >= 0 && n[lengths].DType != DType.Int32)
        {
            lengths = n.Add(new Cast(DType.Int32), "lengths", lengths);
        }

        List<int> operands =
        [
            x, Direction(n, 1, d, 0), Direction(n, 2, d, 0),
                Part(n, Direction(n, Bias, d, 0), 0, rows),
            Part(n, Direction(n, Bias, d, 0), rows, rows), lengths,
            Direction(n, FirstHidden, d, batchFirst ? 1 : 0),
        ];
        if (states == 2)
        {
            operands.Add(Direction(n, FirstCell, d, batchFirst ? 1 : 0));
            operands.Add(Direction(n, Peephole, d, 0));
        }

        return [.. operands];
    }

    // One direction of an operand, the axis of directions dropped; −1 if it is left out.
    static int Direction(NodeImport n, int i, int d, int axis)
    {
        if (!n.Has(i))
        {
            return -1;
        }

        Shape whole = n.ShapeOf(i);
        if (whole.Rank < 2 || d >= whole[axis])
        {
            throw n.Fail($"input {i} is {whole}, it has no direction {d}");
        }

        int[] begin = new int[whole.Rank];
        begin[axis] = d;
        int one = whole[axis] == 1 ? n.Input(i)
            : n.Add(new Slice(begin, whole.With(axis, 1).ToArray()), $"{i} of {d}", n.Input(i));
        return n.Reshape(one, [.. whole.Dims[..axis], .. whole.Dims[(axis + 1)..]]);
    }

    // Both biases stand behind one another.
    static int Part(NodeImport n, int bias, int begin, int count) => bias < 0 ? -1
        : n[bias].Shape.Dims is [int all] && all == 2 * count
            ? n.Add(new Slice([begin], [count]), $"bias {begin}", bias)
            : throw n.Fail($"its bias has {n[bias].Shape} numbers, {2 * count} are needed");

    // y is [time, batch, units] and goes to [time, directions, batch, units], or to [batch, time,
    // directions, units]; a state goes from [batch, units] to [directions, batch, units], or to
    // [batch, directions, units].
    static int Stack(NodeImport n, int[] parts, int output, bool batchFirst)
    {
        for (int d = 0; d < parts.Length; d++)
        {
            int[] dims = n[parts[d]].Shape.ToArray();
            parts[d] = (output, batchFirst) switch
            {
                (0, false) => n.Reshape(parts[d], dims[0], 1, dims[1], dims[2]),
                (0, true) => n.Reshape(
                    n.Transpose(parts[d], 1, 0, 2), dims[1], dims[0], 1, dims[2]),
                (_, false) => n.Reshape(parts[d], 1, dims[0], dims[1]),
                _ => n.Reshape(parts[d], dims[0], 1, dims[1]),
            };
        }

        int axis = (output, batchFirst) switch
        {
            (0, true) => 2,
            (_, false) when output > 0 => 0,
            _ => 1,
        };
        return parts.Length == 1 ? parts[0] : n.Add(new Concat(axis), $"both {output}", parts);
    }
}
