using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>RNN, GRU and LSTM in every direction, with more and more operands.</summary>
static class RecurrentNodes
{
    const int Time = 5;
    const int Batch = 3;
    const int Inputs = 4;
    const int Units = 6;

    public static IEnumerable<SingleNode> All =>
        from cell in ((string, int)[])[("RNN", 1), ("GRU", 3), ("LSTM", 4)]
        from direction in (string[])["forward", "reverse", "bidirectional"]
        from operands in Enumerable.Range(0, 6)
        select Node(cell.Item1, cell.Item2, direction, operands);

    static SingleNode Node(string op, int gates, string direction, int operands)
    {
        int directions = direction == "bidirectional" ? 2 : 1;
        SingleNode n = new SingleNode($"{direction} {operands}", op)
            .Set("hidden_size", Units).Set("direction", direction)
            .In(Time, Batch, Inputs)
            .Weights(directions, gates * Units, Inputs).Weights(directions, gates * Units, Units);
        n = operands > 0 ? n.Weights(directions, 2 * gates * Units) : n.None();
        n = operands > 1 ? n.Constant(DataType.Int32, [Batch], 5, 2, 3) : n.None();
        n = operands > 2 ? n.In(directions, Batch, Units) : n.None();
        if (op == "LSTM")
        {
            n = operands > 2 ? n.In(directions, Batch, Units) : n.None();
            n = operands > 3 ? n.Weights(directions, 3 * Units) : n.None();
            n = n.Set("input_forget", operands == 4 ? 1L : 0L);
        }
        else if (op == "GRU")
        {
            n = n.Set("linear_before_reset", operands % 2L);
        }

        n = operands == 5 ? Unusual(n, op, directions) : n;
        return op == "LSTM"
            ? n.Out(DataType.Float, DataType.Float, DataType.Float)
            : n.Out(DataType.Float, DataType.Float);
    }

    static SingleNode Unusual(SingleNode n, string op, int directions)
    {
        string[] names = op switch
        {
            "RNN" => ["Relu"],
            "GRU" => ["HardSigmoid", "Softsign"],
            _ => ["Sigmoid", "ScaledTanh", "LeakyRelu"],
        };
        n = n.Set("clip", 0.6f)
            .Set("activations", [.. Enumerable.Repeat(names, directions).SelectMany(x => x)]);
        float[] alphas = op == "LSTM" ? [0.9f, 0.2f] : [0.3f];
        return op == "RNN" ? n
            : n.Set("activation_alpha",
                    [.. Enumerable.Repeat(alphas, directions).SelectMany(x => x)])
                .Set("activation_beta", [.. Enumerable.Repeat(0.4f, directions)]);
    }
}
