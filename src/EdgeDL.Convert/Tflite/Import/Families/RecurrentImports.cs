using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>
/// Recurrent cells and sequences. State tensors become variables; a bidirectional sequence is two
/// nodes, one of them run from the last step, and a join.
/// </summary>
static class RecurrentImports
{
    const int GateInputs = 18;

    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM, SequenceLstm);
        t.Add(BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM, BidirectionalLstm);
        t.Add(BuiltinOperator.LSTM, Lstm);
        t.Add(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_RNN, SequenceRnn);
        t.Add(BuiltinOperator.BIDIRECTIONAL_SEQUENCE_RNN, BidirectionalRnn);
        t.Add(BuiltinOperator.RNN, Rnn);
        t.Add(BuiltinOperator.SVDF, Svdf);
    }

    static void SequenceLstm(NodeImport n)
    {
        FlatTable o = n.Options(Options.UnidirectionalSequenceLstm.Kind);
        if (o.Bool(Options.UnidirectionalSequenceLstm.DiagonalRecurrentTensors))
        {
            throw n.Unsupported(
                "its recurrent weights are diagonal", "export the model with full matrices");
        }

        var settings = new LstmSettings(
            Activation(n, o.Byte(Options.UnidirectionalSequenceLstm.FusedActivation, 0)),
            o.Float(Options.UnidirectionalSequenceLstm.CellClip),
            o.Float(Options.UnidirectionalSequenceLstm.ProjClip),
            o.Bool(Options.UnidirectionalSequenceLstm.TimeMajor),
            Reverse: false,
            o.Bool(Options.UnidirectionalSequenceLstm.AsymmetricQuantizeInputs));
        n.Emit(FullLstm(n, settings), Operands(n, n.Input(0), first: 1, layerNorm: 20));
    }

    static void Lstm(NodeImport n)
    {
        FlatTable o = n.Options(Options.Lstm.Kind);
        if (o.Byte(Options.Lstm.KernelType, 0) == 1)
        {
            n.Emit(new LstmCell());
            return;
        }

        var settings = new LstmSettings(
            Activation(n, o.Byte(Options.Lstm.FusedActivation, 0)),
            o.Float(Options.Lstm.CellClip),
            o.Float(Options.Lstm.ProjClip),
            TimeMajor: false,
            Reverse: false,
            o.Bool(Options.Lstm.AsymmetricQuantizeInputs));
        n.Emit(FullLstm(n, settings), Operands(n, n.Input(0), first: 1, layerNorm: 20));
    }

    static Lstm FullLstm(NodeImport n, LstmSettings settings)
    {
        var scales = new float[5];
        for (int i = 0; i < scales.Length; i++)
        {
            Quantization? quant = n.Intermediate(i) is { } t ? n.Graph.QuantOf(t) : null;
            scales[i] = quant?.Scale ?? 1f;
        }

        int zero = n.Intermediate(4) is { } hidden
            ? n.Graph.QuantOf(hidden)?.ZeroPoint ?? 0
            : 0;
        if (zero is < -128 or > 127)
        {
            throw n.Fail($"the zero point of its hidden state is {zero}");
        }

        return Make(n, settings, first: 1, state: 18, scales, zero);
    }

    static void BidirectionalLstm(NodeImport n)
    {
        FlatTable o = n.Options(Options.BidirectionalSequenceLstm.Kind);
        int second = Second(n, aux: 39, weights: 40, weightCount: 8);
        var settings = new LstmSettings(
            Activation(n, o.Byte(Options.BidirectionalSequenceLstm.FusedActivation, 0)),
            o.Float(Options.BidirectionalSequenceLstm.CellClip),
            o.Float(Options.BidirectionalSequenceLstm.ProjClip),
            o.Bool(Options.BidirectionalSequenceLstm.TimeMajor),
            Reverse: false,
            o.Bool(Options.BidirectionalSequenceLstm.AsymmetricQuantizeInputs));
        float[] scales = [1, 1, 1, 1, 1];
        int forward = n.Add(
            Make(n, settings, first: 1, state: 35, scales, zero: 0), "forward", null,
            Operands(n, n.Input(0), first: 1, layerNorm: -1));
        int backward = n.Add(
            Make(n, settings with { Reverse = true }, first: 18, state: 37, scales, zero: 0),
            "backward", null, Operands(n, second, first: 18, layerNorm: -1));
        Join(n, o.Bool(Options.BidirectionalSequenceLstm.MergeOutputs), forward, backward);
    }

    // The state tensors stand one after the other: hidden, cell.
    static Lstm Make(
        NodeImport n, LstmSettings settings, int first, int state, float[] scales, int zero)
    {
        int batch = Batch(n, settings.TimeMajor);
        Shape w = n.ShapeOf(first + 3);
        Shape r = n.ShapeOf(first + 7);
        if (w.Rank != 2 || r.Rank != 2)
        {
            throw n.Fail($"weights {w} and {r} are not matrices");
        }

        int hidden = State(n, state, "hidden", batch, r[1]);
        int cell = State(n, state + 1, "cell", batch, w[0]);
        return new Lstm(settings, hidden, cell, scales, zero);
    }

    static int[] Operands(NodeImport n, int x, int first, int layerNorm)
    {
        int[] inputs = new int[GateInputs + 4];
        inputs[0] = x;
        for (int i = 1; i < GateInputs; i++)
        {
            inputs[i] = n.Input(first + i - 1);
        }

        for (int i = 0; i < 4; i++)
        {
            inputs[GateInputs + i] = layerNorm < 0 ? -1 : n.Input(layerNorm + i);
        }

        return inputs;
    }

    static void Rnn(NodeImport n)
    {
        FlatTable o = n.Options(Options.Rnn.Kind);
        Op op = Cell(
            n, o.Byte(Options.Rnn.FusedActivation, 0), timeMajor: false, reverse: false,
            o.Bool(Options.Rnn.AsymmetricQuantizeInputs), first: 1);
        n.Emit(op, n.Input(0), n.Input(1), n.Input(2), n.Input(3));
    }

    static void SequenceRnn(NodeImport n)
    {
        FlatTable o = n.Options(Options.SequenceRnn.Kind);
        Op op = Cell(
            n, o.Byte(Options.SequenceRnn.FusedActivation, 0),
            o.Bool(Options.SequenceRnn.TimeMajor), reverse: false,
            o.Bool(Options.SequenceRnn.AsymmetricQuantizeInputs), first: 1);
        n.Emit(op, n.Input(0), n.Input(1), n.Input(2), n.Input(3));
    }

    static void BidirectionalRnn(NodeImport n)
    {
        FlatTable o = n.Options(Options.BidirectionalSequenceRnn.Kind);
        int second = Second(n, aux: 9, weights: 10, weightCount: 2);
        int activation = o.Byte(Options.BidirectionalSequenceRnn.FusedActivation, 0);
        bool timeMajor = o.Bool(Options.BidirectionalSequenceRnn.TimeMajor);
        bool asymmetric = o.Bool(Options.BidirectionalSequenceRnn.AsymmetricQuantizeInputs);
        int forward = n.Add(
            Cell(n, activation, timeMajor, reverse: false, asymmetric, first: 1), "forward", null,
            n.Input(0), n.Input(1), n.Input(2), n.Input(3));
        int backward = n.Add(
            Cell(n, activation, timeMajor, reverse: true, asymmetric, first: 5), "backward", null,
            second, n.Input(5), n.Input(6), n.Input(7));
        Join(n, o.Bool(Options.BidirectionalSequenceRnn.MergeOutputs), forward, backward);
    }

    static Rnn Cell(
        NodeImport n, int activation, bool timeMajor, bool reverse, bool asymmetric, int first)
    {
        Shape r = n.ShapeOf(first + 1);
        int units = r.Rank == 2 ? r[0] : throw n.Fail($"recurrent weights {r} are no matrix");
        int hidden = State(n, first + 3, "hidden", Batch(n, timeMajor), units);
        return new Rnn(Activation(n, activation), timeMajor, reverse, asymmetric, hidden);
    }

    static void Svdf(NodeImport n)
    {
        FlatTable o = n.Options(Options.Svdf.Kind);
        Shape time = n.ShapeOf(2);
        if (time.Rank != 2 || (long)time[0] * time[1] > int.MaxValue)
        {
            throw n.Fail($"weights {time} are no matrix");
        }

        int memory = State(n, 4, "memory", Batch(n, timeMajor: false), time[0] * time[1]);
        int rank = Math.Clamp(o.Int(Options.Svdf.Rank), 0, 1 << 16);
        n.Emit(
            new Svdf(rank, Activation(n, o.Byte(Options.Svdf.FusedActivation, 0)), memory),
            n.Input(0), n.Input(1), n.Input(2), n.Input(3));
    }

    // With an auxiliary input and no weights for it, that is what runs backward.
    static int Second(NodeImport n, int aux, int weights, int weightCount)
    {
        for (int i = 0; i < weightCount; i++)
        {
            if (n.Has(weights + i))
            {
                throw n.Unsupported(
                    "its directions are cross-linked by auxiliary weights",
                    "export the model with two separate sequences");
            }
        }

        return n.Has(aux) ? n.Input(aux) : n.Input(0);
    }

    static void Join(NodeImport n, bool merge, int forward, int backward)
    {
        if (merge)
        {
            n.Emit(new Concat(n.Graph.Builder[forward].Shape.Rank - 1), forward, backward);
            return;
        }

        n.SetOutput(0, forward);
        n.SetOutput(1, backward);
    }

    static int Batch(NodeImport n, bool timeMajor)
    {
        Shape x = n.ShapeOf(0);
        return x.Rank is 2 or 3
            ? x[timeMajor && x.Rank == 3 ? 1 : 0]
            : throw n.Fail($"takes a sequence of rank 3 or one step of rank 2, gets {x}");
    }

    static int State(NodeImport n, int input, string what, int batch, int size)
    {
        TfliteTensor t = n.InTensor(input)
            ?? throw n.Fail($"input {input}, its {what} state, is missing");
        string name = $"{n.Name}/{what}{input}";
        string key = $"{name}#{n.Graph.Model.Model.Variables.Count}";
        Shape shape = SubgraphImport.ShapeOf(t.Name, [batch, size]);
        return n.Graph.Model.AddVariable(
            key,
            new Variable(name, SubgraphImport.TypeOf(t), shape, n.Graph.QuantOf(t), null));
    }

    static CellActivation Activation(NodeImport n, int activation) => activation is >= 0 and <= 4
        ? (CellActivation)activation
        : throw n.Fail($"activation {activation} is not one of a cell");
}
