using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Recurrent;

/// <summary>Recurrent layers without state, with everything that ONNX lets them choose.</summary>
sealed class LayerCases : IOpCases
{
    const int Time = 4;
    const int Batch = 3;
    const int Inputs = 5;
    const int Units = 2;

    static readonly GateFunction[] usual =
        [new(GateKind.Sigmoid, 0, 0), new(GateKind.Tanh, 0, 0), new(GateKind.Tanh, 0, 0)];

    public static IEnumerable<OpCase> Cases() => [.. Rnns(), .. Grus(), .. Lstms()];

    // The operands of a layer; those past the third only where asked for.
    static Arg?[] Operands(int gates, bool bias, bool lengths, bool first) =>
    [
        F32(Time, Batch, Inputs), F32(gates * Units, Inputs), F32(gates * Units, Units),
        bias ? F32(gates * Units) : null, bias ? F32(gates * Units) : null,
        lengths ? I32(Batch).Of(3, 0, 4) : null, first ? F32(Batch, Units) : null,
    ];

    static IEnumerable<(string Name, bool Bias, bool Lengths, bool First, bool Reverse)> Forms()
    {
        yield return ("plain", false, false, false, false);
        yield return ("bias", true, false, false, false);
        yield return ("reverse", true, false, true, true);
        yield return ("lengths", true, true, true, false);
        yield return ("lengths reverse", true, true, true, true);
    }

    static double Apply(GateFunction f, double clip, double x)
    {
        x = clip > 0 ? Math.Clamp(x, -clip, clip) : x;
        return f.Kind switch
        {
            GateKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
            GateKind.Tanh => Math.Tanh(x),
            GateKind.Relu => Math.Max(x, 0),
            GateKind.Affine => (f.Alpha * x) + f.Beta,
            GateKind.LeakyRelu => x < 0 ? f.Alpha * x : x,
            GateKind.ThresholdedRelu => x < f.Alpha ? 0 : x,
            GateKind.ScaledTanh => f.Alpha * Math.Tanh(f.Beta * x),
            GateKind.HardSigmoid => Math.Clamp((f.Alpha * x) + f.Beta, 0, 1),
            GateKind.Elu => x < 0 ? f.Alpha * (Math.Exp(x) - 1) : x,
            GateKind.Softsign => x / (1 + Math.Abs(x)),
            _ => Math.Log(1 + Math.Exp(x)),
        };
    }

    static double Bias(OpRun r, int i, int row) => r.HasInput(i) ? r.In(i)[row] : 0;

    // Runs every batch's steps in their order and stores what the step returns.
    static void Layer(OpRun r, bool reverse, Func<double[], double[], int, double[]> step)
    {
        for (int b = 0; b < Batch; b++)
        {
            int length = r.HasInput(5) ? (int)r.In(5)[b] : Time;
            double[] h = [.. Enumerable.Range(0, Units).Select(
                k => r.HasInput(6) ? r.In(6).At(b, k) : 0)];
            for (int t = 0; t < length; t++)
            {
                int at = reverse ? length - 1 - t : t;
                h = step(
                    [.. Enumerable.Range(0, Inputs).Select(k => r.In(0).At(at, b, k))], h, b);
                for (int k = 0; k < Units; k++)
                {
                    r.Out(0).At(at, b, k) = h[k];
                }
            }

            for (int k = 0; k < Units; k++)
            {
                r.Out(1).At(b, k) = h[k];
            }
        }
    }

    static double Sum(OpRun r, int row, double[] x, double[] h) => Bias(r, 3, row)
        + Bias(r, 4, row) + Cell.Dot(r.In(1), row, x) + Cell.Dot(r.In(2), row, h);

    static IEnumerable<OpCase> Rnns()
    {
        foreach (var (name, bias, lengths, first, reverse) in Forms())
        {
            yield return Rnn(name, Operands(1, bias, lengths, first), reverse, 0, usual[1]);
        }

        foreach (GateKind kind in Enum.GetValues<GateKind>())
        {
            var f = new GateFunction(kind, 0.3f, 0.6f);
            yield return Rnn($"{kind}", Operands(1, true, false, true), false, 1.5f, f);
        }
    }

    static OpCase Rnn(
        string name, Arg?[] operands, bool reverse, float clip, GateFunction f) =>
        new(name, new RnnLayer(reverse, clip, [f]), operands,
            r => Layer(r, reverse, (x, h, b) =>
                [.. h.Select((_, k) => Apply(f, clip, Sum(r, k, x, h)))]))
        { Out = [null, null], Absolute = 1e-4 };

    static IEnumerable<OpCase> Grus()
    {
        foreach (var (name, bias, lengths, first, reverse) in Forms())
        {
            foreach (bool after in (bool[])[false, true])
            {
                yield return Gru($"{name} after {after}", Operands(3, bias, lengths, first),
                    reverse, 0, usual[..2], after);
            }
        }

        yield return Gru("clip and activations", Operands(3, true, false, false), false, 0.8f,
            [new(GateKind.HardSigmoid, 0.2f, 0.5f), new(GateKind.Softsign, 0, 0)], true);
    }

    static OpCase Gru(
        string name, Arg?[] operands, bool reverse, float clip, GateFunction[] f, bool after) =>
        new(name, new GruLayer(reverse, clip, f, after), operands,
            r => Layer(r, reverse, (x, h, b) => GruStep(r, x, h, clip, f, after)))
        { Out = [null, null], Absolute = 1e-4 };

    static double[] GruStep(
        OpRun r, double[] x, double[] h, double clip, GateFunction[] f, bool after)
    {
        double[] gates = [.. Enumerable.Range(0, 2 * Units).Select(
            row => Apply(f[0], clip, Sum(r, row, x, h)))];
        double[] masked = [.. h.Select((v, k) => gates[Units + k] * v)];
        return [.. h.Select((v, k) =>
        {
            int row = (2 * Units) + k;
            double own = Cell.Dot(r.In(1), row, x) + Bias(r, 3, row);
            double state = after
                ? gates[Units + k] * (Cell.Dot(r.In(2), row, h) + Bias(r, 4, row))
                : Cell.Dot(r.In(2), row, masked) + Bias(r, 4, row);
            return ((1 - gates[k]) * Apply(f[1], clip, own + state)) + (gates[k] * v);
        })];
    }

    static IEnumerable<OpCase> Lstms()
    {
        foreach (var (name, bias, lengths, first, reverse) in Forms())
        {
            Arg? cell = first ? F32(Batch, Units) : null;
            Arg? peephole = reverse ? F32(3 * Units) : null;
            Arg?[] operands = [.. Operands(4, bias, lengths, first), cell, peephole];
            yield return Lstm(name, operands, reverse, 0, usual, false);
            yield return Lstm($"{name} coupled", operands, reverse, 0.7f, usual, true);
        }
    }

    static OpCase Lstm(
        string name, Arg?[] operands, bool reverse, float clip, GateFunction[] f, bool coupled) =>
        new(name, new LstmLayer(reverse, clip, f, coupled), operands, r =>
        {
            for (int i = 0; i < Batch * Units; i++)
            {
                r.Out(2)[i] = r.HasInput(7) ? r.In(7)[i] : 0;
            }

            Layer(r, reverse, (x, h, b) => LstmStep(r, x, h, b, clip, f, coupled));
        }) { Out = [null, null, null], Absolute = 1e-4 };

    static double[] LstmStep(
        OpRun r, double[] x, double[] h, int b, double clip, GateFunction[] f, bool coupled)
    {
        double Gate(int gate, int k, double c) => Apply(
            f[0], clip,
            Sum(r, (gate * Units) + k, x, h) + (Bias(r, 8, (gate * Units) + k) * c));
        return [.. h.Select((_, k) =>
        {
            ref double c = ref r.Out(2).At(b, k);
            double input = Gate(0, k, c);
            double kept = coupled ? 1 - input : Gate(2, k, c);
            c = (kept * c) + (input * Apply(f[1], clip, Sum(r, (3 * Units) + k, x, h)));
            return Gate(1, k, c) * Apply(f[2], 0, c);
        })];
    }
}
