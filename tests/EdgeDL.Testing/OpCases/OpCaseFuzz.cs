using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Testing;

/// <summary>
/// An op meets operands it was not made for: other types, ranks, extents, quantizations, missing
/// and surplus inputs. It refuses them with <see cref="InvalidModelException"/>, or runs on them
/// inside its memory: every tensor stands against an inaccessible page.
/// </summary>
public static class OpCaseFuzz
{
    const long MostElements = 1 << 16;

    static readonly DType[] types = [.. Enum.GetValues<DType>().Where(t => t != DType.None)];

    /// <summary>Tries a number of damaged versions of the case.</summary>
    public static void Run(OpCase c, int tries)
    {
        var random = new Random(c.ToString().Length);
        for (int i = 0; i < tries; i++)
        {
            OpCase damaged = Damage(c, random);
            try
            {
                Try(damaged, i, i % 2 == 0 ? Guard.End : Guard.Start);
            }
            catch (EdgeDLException)
            {
                // Refused, in words.
            }
            catch (Exception e) when (e is not CheckFailedException)
            {
                string operands = string.Join(", ", damaged.Inputs.Select(Describe));
                throw new CheckFailedException(
                    $"{c}: try {i} with ({operands}): {e.GetType().Name}: {e.Message}"
                    + Environment.NewLine + e.StackTrace);
            }
        }
    }

    /// <summary>The .edl bytes of the case's model, for the file fuzz.</summary>
    public static byte[] ToFile(OpCase c) => c.Build(1, Pattern.Random).ToBytes();

    static string Describe(Arg? a)
    {
        string constant = a is { IsConstant: true } ? " constant" : "";
        return a is null ? "none" : $"{a.Type} {a.Shape}{constant} {a.Quant}";
    }

    static void Try(OpCase c, int seed, Guard guard)
    {
        Model model = c.Build(seed, Pattern.Random);
        NodeNotes[][] notes = Inference.Run(model);
        long most = model.Main.Values.Select(v => (long)v.Shape.Elements).DefaultIfEmpty().Max();
        if (most > MostElements || notes[0][0].ScratchBytes > MostElements * 16
            || notes[0][0].Macs > 10_000_000)
        {
            return;
        }

        using var session = new GuardedSession(model, guard, inPlace: seed % 3 == 0, 0x7F);
        var random = new Random(seed);
        for (int i = 0; i < model.Main.Inputs.Count; i++)
        {
            // Small numbers often make sense as indices and sizes; wild ones must not hurt.
            Span<byte> bytes = session.Input(i).AsBytes();
            bytes.Clear();
            if (seed % 4 != 0)
            {
                random.NextBytes(bytes);
            }
        }

        session.Run();
    }

    static OpCase Damage(OpCase c, Random random)
    {
        var inputs = (Arg?[])c.Inputs.Clone();
        int changes = 1 + random.Next(2);
        for (int i = 0; i < changes && inputs.Length > 0; i++)
        {
            int at = random.Next(inputs.Length);
            inputs[at] = inputs[at] is { } arg ? Damage(arg, random) : F32(random);
        }

        inputs = random.Next(12) switch
        {
            0 => inputs[..^(inputs.Length > 0 ? 1 : 0)],
            1 => [.. inputs, F32(random)],
            _ => inputs,
        };
        Quantization?[] outputs = [.. c.Out.Select(q => random.Next(6) == 0 ? Quant(random) : q)];
        return new OpCase(c.Name, c.Op, inputs, c.Reference)
        {
            Out = outputs,
            Variables = c.Variables,
            Before = c.Before,
        };
    }

    static Arg? Damage(Arg arg, Random random)
    {
        Arg free = arg with { Exact = null };
        return random.Next(8) switch
        {
            0 => null,
            1 => free with { Type = types[random.Next(types.Length)] },
            2 => free with { Quant = random.Next(2) == 0 ? null : Quant(random) },
            3 => free with { IsConstant = !arg.IsConstant },
            4 => free with { Shape = OtherRank(arg.Shape, random), Quant = PerTensor(arg.Quant) },
            _ => free with { Shape = OtherExtent(arg.Shape, random), Quant = PerTensor(arg.Quant) },
        };
    }

    static Shape OtherExtent(Shape shape, Random random)
    {
        if (shape.Rank == 0)
        {
            return new Shape(random.Next(3));
        }

        int axis = random.Next(shape.Rank);
        int extent = random.Next(5) switch
        {
            0 => 0,
            1 => 1,
            2 => shape[axis] + 1,
            3 => Math.Max(0, shape[axis] - 1),
            _ => random.Next(9),
        };
        return shape.With(axis, extent);
    }

    static Shape OtherRank(Shape shape, Random random)
    {
        int[] dims = shape.ToArray();
        return random.Next(3) switch
        {
            0 when dims.Length > 0 => new Shape(dims[1..]),
            1 when dims.Length < Shape.MaxRank => new Shape([1, .. dims]),
            _ => new Shape([.. dims.Take(random.Next(dims.Length + 1))]),
        };
    }

    // Keeps the parameters where the axis is gone, so that the shape alone is at fault.
    static Quantization? PerTensor(Quantization? quant)
    {
        return quant is null || quant.IsPerTensor ? quant
            : new Quantization(quant.Scale, quant.ZeroPoint);
    }

    static Quantization Quant(Random random)
    {
        return new Quantization(MathF.ScaleB(1f, random.Next(-40, 20)), random.Next(-200, 300));
    }

    static Arg F32(Random random) => Args.F32(1 + random.Next(3), 1 + random.Next(3));
}
