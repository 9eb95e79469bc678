using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Pack.Verify;

/// <summary>Runs two models on the same random inputs and compares outputs, and layers by
/// name.</summary>
static class ModelCheck
{
    /// <summary>True if every output is within the limits; layers only inform.</summary>
    public static bool Run(Model a, Model b, int runs, Limits limits, int threads)
    {
        CheckEnds(a, b);
        int outputs = ExposeLayers(a);
        ExposeLayers(b);
        var options = new SessionOptions { Threads = threads };
        using var first = new Session(a, options);
        using var second = new Session(b, options);
        (int A, int B)[] pairs = Pairs(first, second, outputs);
        var worst = new Comparison[pairs.Length];
        bool good = true;
        var random = new Random(1);
        for (int run = 0; run < runs; run++)
        {
            Fill(first, second, random);
            first.Run();
            second.Run();
            for (int p = 0; p < pairs.Length; p++)
            {
                Comparison c = Comparison.Of(first.Output(pairs[p].A), second.Output(pairs[p].B));
                if (run == 0 || c.MaxError > worst[p].MaxError)
                {
                    worst[p] = c;
                }

                if (p < outputs && !c.Within(limits))
                {
                    good = false;
                    Console.WriteLine($"FAIL run {run} output {p} '{first.Output(p).Name}': {c}");
                }
            }
        }

        Report(first, pairs, worst, outputs, limits);
        return good;
    }

    static void Report(
        Session session, (int A, int B)[] pairs, Comparison[] worst, int outputs, Limits limits)
    {
        for (int p = 0; p < outputs; p++)
        {
            Console.WriteLine($"output {p} '{session.Output(p).Name}', worst run: {worst[p]}");
        }

        Console.WriteLine($"{pairs.Length - outputs} layers have the same name in both; worst "
            + $"run of each:");
        bool named = false;
        for (int p = outputs; p < pairs.Length; p++)
        {
            bool apart = !worst[p].Within(limits);
            Console.WriteLine($"{(apart ? "  ! " : "    ")}{session.Output(pairs[p].A).Name}: "
                + $"{worst[p]}"
                + (apart && !named ? "   <- the first that diverges" : ""));
            named |= apart;
        }
    }

    static void CheckEnds(Model a, Model b)
    {
        Compare("inputs", a.Main.Inputs.Count, b.Main.Inputs.Count);
        Compare("outputs", a.Main.Outputs.Count, b.Main.Outputs.Count);
        for (int i = 0; i < a.Main.Inputs.Count; i++)
        {
            Shape shapeA = a.Main.Values[a.Main.Inputs[i]].Shape;
            Shape shapeB = b.Main.Values[b.Main.Inputs[i]].Shape;
            if (shapeA != shapeB)
            {
                throw new UsageException(
                    $"input {i} is {shapeA} in one model and {shapeB} in the other");
            }
        }
    }

    static void Compare(string what, int a, int b)
    {
        if (a != b)
        {
            throw new UsageException($"one model has {a} {what}, the other {b}");
        }
    }

    // Makes every computed value an output, so that no other takes its memory. Returns how many
    // outputs there were.
    internal static int ExposeLayers(Model model)
    {
        int before = model.Main.Outputs.Count;
        foreach (Node node in model.Main.Nodes)
        {
            foreach (int output in node.Outputs)
            {
                if (!model.Main.Outputs.Contains(output))
                {
                    model.Main.Outputs.Add(output);
                }
            }
        }

        model.Plan = null;
        return before;
    }

    static (int A, int B)[] Pairs(Session a, Session b, int outputs)
    {
        var pairs = new List<(int, int)>();
        for (int i = 0; i < outputs; i++)
        {
            pairs.Add((i, i));
        }

        for (int i = outputs; i < a.OutputCount; i++)
        {
            for (int j = outputs; j < b.OutputCount; j++)
            {
                if (a.Output(i).Name == b.Output(j).Name && a.Output(i).Shape == b.Output(j).Shape)
                {
                    pairs.Add((i, j));
                    break;
                }
            }
        }

        return [.. pairs];
    }

    // The same reals into both: quantized inputs take them through their own scale.
    static void Fill(Session a, Session b, Random random)
    {
        for (int i = 0; i < a.InputCount; i++)
        {
            TensorView x = a.Input(i), y = b.Input(i);
            (double low, double high) = Range(x.Quant is null ? y : x);
            for (int k = 0; k < x.Elements; k++)
            {
                double real = low + ((high - low) * random.NextDouble());
                Put(x, k, real);
                Put(y, k, real);
            }
        }
    }

    /// <summary>Random numbers in the whole range of a quantized input, else in −1…1.</summary>
    internal static void Fill(TensorView x, Random random)
    {
        (double low, double high) = Range(x);
        for (int k = 0; k < x.Elements; k++)
        {
            Put(x, k, low + ((high - low) * random.NextDouble()));
        }
    }

    static (double Low, double High) Range(TensorView x)
    {
        if (x.Quant is not { } range)
        {
            return (-1, 1);
        }

        double shift = x.DType == DType.UInt8 ? 128 : 0;
        return (range.Scale * (shift - 128.0 - range.ZeroPoint),
            range.Scale * (shift + 127.0 - range.ZeroPoint));
    }

    internal static void Put(TensorView t, int i, double real)
    {
        double q = t.Quant is { } quant ? Math.Round(real / quant.Scale) + quant.ZeroPoint : real;
        switch (t.DType)
        {
            case DType.Float32:
                t.AsSpan<float>()[i] = (float)real;
                break;
            case DType.Int8:
                t.AsSpan<sbyte>()[i] = (sbyte)Math.Clamp(q, -128, 127);
                break;
            case DType.UInt8:
                t.AsSpan<byte>()[i] = (byte)Math.Clamp(q, 0, 255);
                break;
            case DType.Int16:
                t.AsSpan<short>()[i] = (short)Math.Clamp(q, short.MinValue, short.MaxValue);
                break;
            case DType.Int32:
                t.AsSpan<int>()[i] = (int)Math.Round(real);
                break;
            case DType.Bool:
                t.AsBytes()[i] = real > 0 ? (byte)1 : (byte)0;
                break;
            default:
                throw new UsageException(
                    $"input '{t.Name}' of {t.DType} can't be filled at random: use --golden");
        }
    }
}
