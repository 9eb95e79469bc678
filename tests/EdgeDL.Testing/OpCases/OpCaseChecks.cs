using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Testing;

/// <summary>Everything that an op case must stand.</summary>
public static class OpCaseChecks
{
    const int Seed = 1;

    static readonly Pattern[] extremes = [Pattern.Alternating, Pattern.Lowest, Pattern.Highest];

    /// <summary>Throws with the case, the check and the finding where one does not hold.</summary>
    public static void All(OpCase c)
    {
        Shapes(c);
        AgainstReference(c, Pattern.Random);
        foreach (Pattern pattern in c.Extremes ? extremes : [])
        {
            AgainstReference(c, pattern);
        }

        byte[][] plain = Run(c, c.Build(Seed, Pattern.Random), threads: 1, Pattern.Random);
        Same(c, plain, Run(c, Reread(c), 1, Pattern.Random), "attributes written and read");
        Same(c, plain, Run(c, Reloaded(c), 1, Pattern.Random), "file written and read");
        Same(c, plain, Run(c, c.Build(Seed, Pattern.Random), 2, Pattern.Random), "2 threads");
        Same(c, plain, Run(c, c.Build(Seed, Pattern.Random), 3, Pattern.Random), "3 threads");
        Same(c, plain, Guarded(c, Guard.End, inPlace: false, 0xA5), "guard page behind");
        Same(c, plain, Guarded(c, Guard.Start, inPlace: false, 0x5B), "guard page before");
        Same(c, plain, Guarded(c, Guard.End, inPlace: true, 0xFF), "in place");
        Allocations(c);
    }

    /// <summary>True if no output is a float: the bytes must be the same on every CPU.</summary>
    public static bool HasIntegerOutputs(OpCase c)
    {
        Graph graph = c.Build(Seed, Pattern.Random).Main;
        return graph.Outputs.All(o => !graph.Values[o].DType.IsFloat())
            && graph.Values.All(v => !v.DType.IsFloat());
    }

    /// <summary>The output bytes of all runs on drawn operands.</summary>
    public static byte[][] Outputs(OpCase c)
    {
        return Run(c, c.Build(Seed, Pattern.Random), threads: 1, Pattern.Random);
    }

    static void Shapes(OpCase c)
    {
        Graph graph = c.Build(Seed, Pattern.Random).Main;
        for (int i = 0; i < (c.Shapes?.Length ?? 0); i++)
        {
            Shape got = graph.Values[graph.Outputs[i]].Shape;
            if (got != new Shape(c.Shapes![i]))
            {
                throw new CheckFailedException(
                    $"{c}: output {i} is {got}, expected {new Shape(c.Shapes[i])}");
            }
        }
    }

    static void AgainstReference(OpCase c, Pattern pattern)
    {
        Model model = c.Build(Seed, pattern);
        Graph graph = model.Main;
        byte[][] actual = Run(c, model, threads: 1, pattern);
        RealTensor[] state = [.. c.Variables.Select(v => Zero(v.Type, v.Shape))];
        int output = 0;
        for (int run = 0; run < c.Runs; run++)
        {
            var inputs = new RealTensor?[c.Inputs.Length];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = Real(c, i, Seed + run, pattern);
            }

            Value[] values = [.. graph.Outputs.Select(o => graph.Values[o])];
            RealTensor[] outputs = [.. values.Select(v => Zero(v.DType, v.Shape))];
            c.Reference(new OpRun(inputs, outputs, state));
            for (int o = 0; o < outputs.Length; o++)
            {
                string what = $"{c}: output {o} of run {run}, {pattern} operands";
                Compare(c, values[o], outputs[o].Values, actual[output++], what);
            }
        }
    }

    static RealTensor? Real(OpCase c, int i, int seed, Pattern pattern)
    {
        if (c.Inputs[i] is not { } arg)
        {
            return null;
        }

        byte[] bytes = c.Draw(i, arg.IsConstant ? Seed : seed, pattern)!;
        RealTensor real = Zero(arg.Type, arg.Shape);
        for (int e = 0; e < real.Count; e++)
        {
            real[e] = Numbers.Decode(bytes, arg.Type, arg.Quant, arg.Shape, e);
        }

        return real;
    }

    static RealTensor Zero(DType type, Shape shape)
    {
        return new RealTensor(shape, new double[Numbers.Count(type, shape)]);
    }

    static void Compare(OpCase c, Value value, double[] expected, byte[] actual, string what)
    {
        if (value.DType.IsFloat() || value.DType == DType.Complex64)
        {
            var found = new float[expected.Length];
            for (int i = 0; i < found.Length; i++)
            {
                found[i] = (float)Numbers.Read(actual, value.DType, i);
            }

            double rounding = value.DType switch
            {
                DType.Float16 => 1e-3,
                DType.BFloat16 => 8e-3,
                _ => 0,
            };
            Check.Near(expected, found, Math.Max(c.Relative, rounding), c.Absolute, what);
            return;
        }

        var want = new long[expected.Length];
        var got = new long[expected.Length];
        for (int i = 0; i < want.Length; i++)
        {
            want[i] = value.Quant is null
                ? (long)Math.Round(expected[i])
                : (long)Numbers.Quantize(expected[i], value.DType, value.Quant, value.Shape, i);
            got[i] = (long)Numbers.Read(actual, value.DType, i);
        }

        Check.WithinSteps<long>(want, got, value.Quant is null ? 0 : c.Steps, what);
    }

    static Model Reread(OpCase c)
    {
        byte[] first = Attributes(c.Op);
        Op again = OpSet.All.Read(c.Op.OpCode, first, c.ToString());
        Check.Same<byte>(first, Attributes(again), $"{c}: attributes written, read and written");
        return c.Build(again, Seed, Pattern.Random);
    }

    static Model Reloaded(OpCase c)
    {
        byte[] file = c.Build(Seed, Pattern.Random).ToBytes();
        Model model = Model.Load(file, OpSet.All);
        Check.Same<byte>(file, model.ToBytes(), $"{c}: file written, read and written");
        return model;
    }

    static byte[] Attributes(Op op)
    {
        List<byte> bytes = [];
        var writer = new AttributeWriter(bytes);
        op.Write(ref writer);
        return [.. bytes];
    }

    /// <summary>The outputs of all runs, one after the other.</summary>
    internal static byte[][] Run(OpCase c, Model model, int threads, Pattern pattern)
    {
        using var session = new Session(model, new SessionOptions { Threads = threads });
        List<byte[]> outputs = [];
        for (int run = 0; run < c.Runs; run++)
        {
            Fill(c, session.Input, Seed + run, pattern);
            session.Run();
            for (int o = 0; o < session.OutputCount; o++)
            {
                outputs.Add(session.Output(o).AsBytes().ToArray());
            }
        }

        return [.. outputs];
    }

    static byte[][] Guarded(OpCase c, Guard guard, bool inPlace, byte garbage)
    {
        Model model = c.Build(Seed, Pattern.Random);
        using var session = new GuardedSession(model, guard, inPlace, garbage);
        List<byte[]> outputs = [];
        for (int run = 0; run < c.Runs; run++)
        {
            Fill(c, session.Input, Seed + run, Pattern.Random);
            session.Run();
            for (int o = 0; o < model.Main.Outputs.Count; o++)
            {
                outputs.Add(session.Output(o).AsBytes().ToArray());
            }

            if (!inPlace)
            {
                InputsUntouched(c, session, Seed + run);
            }
        }

        return [.. outputs];
    }

    static void InputsUntouched(OpCase c, GuardedSession session, int seed)
    {
        int input = 0;
        for (int i = 0; i < c.Inputs.Length; i++)
        {
            if (c.Inputs[i] is { IsConstant: false })
            {
                Check.Same<byte>(
                    c.Draw(i, seed, Pattern.Random),
                    session.Input(input++).AsBytes(),
                    $"{c}: input {i} after the run");
            }
        }
    }

    static void Fill(OpCase c, Func<int, TensorView> input, int seed, Pattern pattern)
    {
        int next = 0;
        for (int i = 0; i < c.Inputs.Length; i++)
        {
            if (c.Inputs[i] is { IsConstant: false })
            {
                c.Draw(i, seed, pattern)!.CopyTo(input(next++).AsBytes());
            }
        }
    }

    static void Allocations(OpCase c)
    {
        using var session = new Session(c.Build(Seed, Pattern.Random));
        Fill(c, session.Input, Seed, Pattern.Random);
        session.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run();
        session.Run();
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken != 0)
        {
            throw new CheckFailedException($"{c}: two runs allocated {taken} bytes");
        }
    }

    static void Same(OpCase c, byte[][] expected, byte[][] actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Check.Same<byte>(expected[i], actual[i], $"{c}: {what}, output bytes of {i}");
        }
    }
}
