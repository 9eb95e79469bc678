using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Recurrent;

/// <summary>RNN, GRU, basic LSTM cell and SVDF.</summary>
sealed class CellCases : IOpCases
{
    public static IEnumerable<OpCase> Cases() => [.. Rnns(), .. Grus(), .. Others()];

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    static IEnumerable<OpCase> Rnns()
    {
        foreach (bool timeMajor in (bool[])[false, true])
        {
            foreach (bool reverse in (bool[])[false, true])
            {
                yield return new(
                    $"time major {timeMajor} reverse {reverse}",
                    new Rnn(CellActivation.Tanh, timeMajor, reverse, false, 0),
                    [timeMajor ? F32(3, 2, 5) : F32(2, 3, 5), F32(4, 5), F32(4, 4), F32(4)],
                    r => Sequence(r, 2, 3, timeMajor, reverse, (x, h, b) => RnnStep(r, x, h)))
                { Variables = [F32(2, 4)], Runs = 2, Absolute = 1e-5 };
            }
        }

        yield return new("one step relu6", new Rnn(CellActivation.Relu6, false, false, false, 0),
            [F32(2, 5), F32(4, 5), F32(4, 4), F32(4)],
            r => Sequence(r, 2, 1, false, false, (x, h, b) =>
                [.. Sums(r, x, h).Select(v => Math.Clamp(v, 0, 6))]))
        { Variables = [F32(2, 4)], Absolute = 1e-4 };
        foreach (bool asymmetric in (bool[])[false, true])
        {
            yield return new($"int8 weights {asymmetric}",
                new Rnn(CellActivation.Tanh, false, false, asymmetric, 0),
                [
                    F32(2, 3, 5), I8(0.01f, 0, 4, 5).Constant(), I8(0.005f, 0, 4, 4).Constant(),
                    F32(4),
                ],
                r => Sequence(r, 2, 3, false, false, (x, h, b) => RnnStep(r, x, h)))
            { Variables = [F32(2, 4)], Absolute = 0.05 };
        }
    }

    static double[] RnnStep(OpRun r, double[] x, double[] h) =>
        [.. Sums(r, x, h).Select(Math.Tanh)];

    static double[] Sums(OpRun r, double[] x, double[] h)
    {
        var sums = new double[h.Length];
        for (int k = 0; k < h.Length; k++)
        {
            sums[k] = r.In(3)[k] + Cell.Dot(r.In(1), k, x) + Cell.Dot(r.In(2), k, h);
        }

        return sums;
    }

    static void Sequence(
        OpRun r, int batch, int time, bool timeMajor, bool reverse,
        Func<double[], double[], int, double[]> step) =>
        Cell.Sequence(r, batch, time, timeMajor, reverse, step);

    static IEnumerable<OpCase> Grus()
    {
        foreach (bool after in (bool[])[false, true])
        {
            yield return new($"reset after {after}", new Gru(false, false, after, 0),
                [F32(2, 3, 5), F32(12, 5), F32(12, 4), F32(12), F32(12)],
                r => Sequence(r, 2, 3, false, false, (x, h, b) => GruStep(r, x, h, after)))
            { Variables = [F32(2, 4)], Runs = 2, Absolute = 1e-5 };
        }
    }

    static double[] GruStep(OpRun r, double[] x, double[] h, bool after)
    {
        int n = h.Length;
        double W(int row) => r.In(3)[row] + Cell.Dot(r.In(1), row, x);
        double R(int row, double[] v) => r.In(4)[row] + Cell.Dot(r.In(2), row, v);
        double[] z = [.. Enumerable.Range(0, n).Select(k => Sigmoid(W(k) + R(k, h)))];
        double[] reset = [.. Enumerable.Range(n, n).Select(k => Sigmoid(W(k) + R(k, h)))];
        double[] masked = [.. h.Select((v, k) => v * reset[k])];
        var y = new double[n];
        for (int k = 0; k < n; k++)
        {
            int row = (2 * n) + k;
            double inner = after ? reset[k] * R(row, h) : R(row, masked);
            double candidate = Math.Tanh(W(row) + inner);
            y[k] = ((1 - z[k]) * candidate) + (z[k] * h[k]);
        }

        return y;
    }

    static IEnumerable<OpCase> Others()
    {
        yield return new("f32", new LstmCell(),
            [F32(2, 5), F32(2, 3), F32(12, 8), F32(12), F32(2, 3)], Basic)
        { Out = [null, null, null, null], Absolute = 1e-5 };
        yield return new("f32", new Svdf(2, CellActivation.Relu, 0),
            [F32(2, 5), F32(6, 5), F32(6, 4), F32(3)], r => Svdf(r, 2, relu: true))
        { Variables = [F32(2, 24)], Runs = 6, Absolute = 1e-4 };
        yield return new("no bias", new Svdf(1, CellActivation.None, 0),
            [F32(2, 5), F32(3, 5), F32(3, 4)], r => Svdf(r, 1, relu: false))
        { Variables = [F32(2, 12)], Runs = 3, Absolute = 1e-4 };
        yield return new("i8", new Svdf(2, CellActivation.Relu, 0),
            [
                I8(0.02f, 5, 2, 5), I8(0.01f, 0, 6, 5).Constant(), I16(1 / 8192f, 6, 4),
                Quantized(Tensors.DType.Int32, 0.0005f / 8192f, 0, 3).Between(-0.5, 0.5),
            ], r => Svdf(r, 2, relu: false))
        { Out = [Q(0.3f, -3)], Variables = [I16(0.0005f, 2, 24)], Runs = 6, Extremes = false };
        yield return new("i8 memory", new Svdf(1, CellActivation.Relu, 0),
            [
                I8(0.02f, 5, 2, 5), I8(0.01f, 0, 3, 5).Constant(), I8(0.01f, 0, 3, 4),
            ], r => Svdf(r, 1, relu: false))
        { Out = [Q(0.5f, -3)], Variables = [I8(0.13f, 0, 2, 12)], Runs = 3, Extremes = false };
    }

    static void Basic(OpRun r)
    {
        for (int b = 0; b < 2; b++)
        {
            double[] joined =
                [.. r.In(0).Values.AsSpan(b * 5, 5), .. r.In(1).Values.AsSpan(b * 3, 3)];
            joined.CopyTo(r.Out(2).Values, b * 8);
            var sums = new double[12];
            for (int k = 0; k < 12; k++)
            {
                sums[k] = r.In(3)[k] + Cell.Dot(r.In(2), k, joined);
                r.Out(3).At(b, k) = sums[k];
            }

            for (int k = 0; k < 3; k++)
            {
                double c = (Sigmoid(sums[6 + k]) * r.In(4).At(b, k))
                    + (Sigmoid(sums[k]) * Math.Tanh(sums[3 + k]));
                r.Out(1).At(b, k) = c;
                r.Out(0).At(b, k) = Sigmoid(sums[9 + k]) * Math.Tanh(c);
            }
        }
    }

    static void Svdf(OpRun r, int rank, bool relu)
    {
        int filters = r.In(1).Dim(0);
        int depth = r.In(2).Dim(1);
        for (int b = 0; b < 2; b++)
        {
            double[] x = r.In(0).Values[(b * 5)..((b + 1) * 5)];
            for (int f = 0; f < filters; f++)
            {
                Span<double> own = r.Variable(0).Values.AsSpan((b * filters + f) * depth, depth);
                own[1..].CopyTo(own);
                own[^1] = Cell.Dot(r.In(1), f, x);
                double sum = 0;
                for (int m = 0; m < depth; m++)
                {
                    sum += own[m] * r.In(2).At(f, m);
                }

                r.Out(0).At(b, f / rank) += sum;
            }

            for (int u = 0; u < filters / rank; u++)
            {
                ref double y = ref r.Out(0).At(b, u);
                y += r.HasInput(3) ? r.In(3)[u] : 0;
                y = relu ? Math.Max(y, 0) : y;
            }
        }
    }
}

/// <summary>What references of recurrent ops share.</summary>
static class Cell
{
    public static double Dot(RealTensor m, int row, double[] x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += m.At(row, i) * x[i];
        }

        return sum;
    }

    /// <summary>Runs a step over all batches and times; variable 0 is the state.</summary>
    public static void Sequence(
        OpRun r, int batch, int time, bool timeMajor, bool reverse,
        Func<double[], double[], int, double[]> step)
    {
        int inputs = r.In(0).Dim(-1);
        int units = r.Out(0).Dim(-1);
        for (int b = 0; b < batch; b++)
        {
            double[] h = r.Variable(0).Values[(b * units)..((b + 1) * units)];
            for (int t = 0; t < time; t++)
            {
                int at = reverse ? time - 1 - t : t;
                int row = timeMajor ? (at * batch) + b : (b * time) + at;
                h = step(r.In(0).Values[(row * inputs)..((row + 1) * inputs)], h, b);
                h.CopyTo(r.Out(0).Values, row * units);
            }

            h.CopyTo(r.Variable(0).Values, b * units);
        }
    }
}
