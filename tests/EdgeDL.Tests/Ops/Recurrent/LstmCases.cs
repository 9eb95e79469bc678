using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Recurrent;

/// <summary>Every form of LSTM: peepholes, coupled gates, projection, layer norm.</summary>
sealed class LstmCases : IOpCases
{
    const int Batch = 2;
    const int Time = 3;
    const int Inputs = 5;
    const int Cells = 4;
    static readonly LstmSettings plain = new(CellActivation.Tanh, 0, 0, false, false, false);
    static readonly float[] ones = [1, 1, 1, 1, 1];

    [Flags]
    enum Form
    {
        Plain = 0,
        Peephole = 1,
        Coupled = 2,
        Projection = 4,
        Norm = 8,
    }

    public static IEnumerable<OpCase> Cases()
    {
        for (int form = 0; form < 16; form++)
        {
            yield return Float($"{(Form)form}", (Form)form, plain);
        }

        yield return Float("clipped", Form.Projection,
            plain with { CellClip = 0.4f, ProjectionClip = 0.3f });
        yield return Float("reverse", Form.Plain, plain with { Reverse = true });
        yield return Float("time major", Form.Plain, plain with { TimeMajor = true });
        foreach (bool asymmetric in (bool[])[false, true])
        {
            yield return Hybrid($"int8 weights {asymmetric}",
                plain with { AsymmetricInputs = asymmetric });
        }

        yield return Int8("int8", Form.Plain);
        yield return Int8("int8 coupled projection", Form.Coupled | Form.Projection);
        yield return Int8("int8 peephole", Form.Peephole);
    }

    static OpCase Float(string name, Form form, LstmSettings settings)
    {
        Arg?[] inputs = Operands(
            form, F32(Cells, Inputs), s => F32(s).Constant(), s => F32(s).Constant(),
            s => F32(s).Constant());
        inputs[0] = settings.TimeMajor ? F32(Time, Batch, Inputs) : F32(Batch, Time, Inputs);
        int outputs = form.HasFlag(Form.Projection) ? 3 : Cells;
        return new($"f32 {name}", new Lstm(settings, 0, 1, ones, 0), inputs,
            r => Reference(r, settings))
        {
            Variables = [F32(Batch, outputs), F32(Batch, Cells)],
            Runs = 2,
            Absolute = 2e-5,
        };
    }

    static OpCase Hybrid(string name, LstmSettings settings)
    {
        Arg?[] inputs = Operands(
            Form.Peephole | Form.Projection, F32(1), s => I8(0.004f, 0, s).Constant(),
            s => I8(0.004f, 0, s).Constant(), s => F32(s).Constant());
        inputs[0] = F32(Batch, Time, Inputs);
        return new(name, new Lstm(settings, 0, 1, ones, 0), inputs, r => Reference(r, settings))
        { Variables = [F32(Batch, 3), F32(Batch, Cells)], Absolute = 0.05 };
    }

    static OpCase Int8(string name, Form form)
    {
        bool projection = form.HasFlag(Form.Projection);
        float[] scales = [1, 1, 1, 1, projection ? 1 / 128f : 1 / 100f];
        Arg?[] inputs = Operands(
            form, I8(1, 0, 1), s => I8(0.004f, 0, s).Constant(),
            s => I16(1 / 65536f, s).Constant(),
            s => Bias(0.004f / 64, s));
        inputs[17] = projection ? Bias(0.004f / 128, [3]) : null;
        inputs[0] = I8(1 / 64f, 3, Batch, Time, Inputs);
        Quantization state = Q(1 / 100f, 5);
        int zero = projection ? 0 : 5;
        return new(name, new Lstm(plain, 0, 1, scales, zero), inputs, r => Reference(r, plain))
        {
            Out = [state],
            Variables =
            [
                Quantized(DType.Int8, 1 / 100f, 5, Batch, projection ? 3 : Cells),
                Quantized(DType.Int16, 1 / 2048f, 0, Batch, Cells),
            ],
            Steps = 2,
            Extremes = false,
        };
    }

    static Arg Bias(float scale, int[] shape) =>
        Quantized(DType.Int32, scale, 0, shape).Between(-0.3, 0.3).Constant();

    static Arg?[] Operands(
        Form form, Arg x, Func<int[], Arg> weights, Func<int[], Arg> peephole,
        Func<int[], Arg> bias)
    {
        bool coupled = form.HasFlag(Form.Coupled);
        bool projection = form.HasFlag(Form.Projection);
        int outputs = projection ? 3 : Cells;
        var inputs = new Arg?[22];
        inputs[0] = x;
        for (int gate = coupled ? 1 : 0; gate < 4; gate++)
        {
            inputs[1 + gate] = weights([Cells, Inputs]);
            inputs[5 + gate] = weights([Cells, outputs]);
            inputs[12 + gate] = bias([Cells]);
            inputs[18 + gate] = form.HasFlag(Form.Norm) ? bias([Cells]) : null;
        }

        for (int i = coupled ? 1 : 0; i < 3; i++)
        {
            inputs[9 + i] = form.HasFlag(Form.Peephole) ? peephole([Cells]) : null;
        }

        inputs[16] = projection ? weights([3, Cells]) : null;
        inputs[17] = projection ? bias([3]) : null;
        return inputs;
    }

    static void Reference(OpRun r, LstmSettings settings) => Cell.Sequence(
        r, Batch, Time, settings.TimeMajor, settings.Reverse, (x, h, b) =>
        {
            Span<double> c = r.Variable(1).Values.AsSpan(b * Cells, Cells);
            double[] f = Sigmoids(Gate(r, 1, 10, x, h, c));
            double[] g = [.. Gate(r, 2, -1, x, h, c).Select(Math.Tanh)];
            double[] i = r.HasInput(1) ? Sigmoids(Gate(r, 0, 9, x, h, c))
                : [.. f.Select(v => 1 - v)];
            for (int k = 0; k < Cells; k++)
            {
                c[k] = Clip((f[k] * c[k]) + (i[k] * g[k]), settings.CellClip);
            }

            double[] o = Sigmoids(Gate(r, 3, 11, x, h, c));
            var y = new double[Cells];
            for (int k = 0; k < Cells; k++)
            {
                y[k] = o[k] * Math.Tanh(c[k]);
            }

            return r.HasInput(16)
                ? [.. Enumerable.Range(0, 3).Select(k => Clip(
                    r.In(17)[k] + Cell.Dot(r.In(16), k, y), settings.ProjectionClip))]
                : y;
        });

    static double[] Gate(
        OpRun r, int gate, int peephole, double[] x, double[] h, ReadOnlySpan<double> c)
    {
        bool norm = r.HasInput(18 + gate);
        var sums = new double[Cells];
        for (int k = 0; k < Cells; k++)
        {
            sums[k] = Cell.Dot(r.In(1 + gate), k, x) + Cell.Dot(r.In(5 + gate), k, h);
            sums[k] += peephole >= 0 && r.HasInput(peephole) ? r.In(peephole)[k] * c[k] : 0;
            sums[k] += norm ? 0 : r.In(12 + gate)[k];
        }

        if (!norm)
        {
            return sums;
        }

        double mean = sums.Average();
        double deviation = Math.Sqrt(sums.Average(v => (v - mean) * (v - mean)) + 1e-8);
        return [.. sums.Select((v, k) =>
            ((v - mean) / deviation * r.In(18 + gate)[k]) + r.In(12 + gate)[k])];
    }

    static double[] Sigmoids(double[] x) => [.. x.Select(v => 1 / (1 + Math.Exp(-v)))];

    static double Clip(double x, double bound) => bound > 0 ? Math.Clamp(x, -bound, bound) : x;
}
