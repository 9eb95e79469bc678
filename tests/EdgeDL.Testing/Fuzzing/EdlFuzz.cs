using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Testing;

/// <summary>Loads .edl bytes and, where they load, opens a session and runs it.</summary>
public static class EdlFuzz
{
    const long SessionBudgetBytes = 64L << 20;
    const long MostMacs = 5_000_000;

    /// <summary>
    /// Every truncation (or most of them), bit flips, and mutations with right hashes.
    /// </summary>
    public static void All(
        string name, byte[] file, int truncations, int bitFlips, int mutations, int seed)
    {
        long budget = (64L * file.Length) + (16L << 20);
        using var target = new FuzzTarget(name, file.Length, Feed, budget);
        Feed(file);
        foreach (int length in Mutator.Truncations(file.Length, truncations, seed))
        {
            target.Try(file[..length], $"cut to {length} bytes");
        }

        var random = new Random(seed);
        for (int i = 0; i < bitFlips; i++)
        {
            target.Try(Mutator.FlipBits(file, random), $"bit flip {i} of seed {seed}");
        }

        random = new Random(seed + 1);
        for (int i = 0; i < mutations; i++)
        {
            target.Try(EdlMutator.Mutate(file, random), $"mutation {i} of seed {seed + 1}");
        }

        target.AssertClean();
    }

    /// <summary>Reads, opens and runs; throws what those throw.</summary>
    public static void Feed(byte[] bytes)
    {
        using Model model = Model.Load(bytes, OpSet.All);
        if (IsTooMuchWork(model))
        {
            return;
        }

        using var session = new Session(
            model, new SessionOptions { MemoryBudgetBytes = SessionBudgetBytes });
        for (int i = 0; i < session.InputCount; i++)
        {
            Fill(session.Input(i).AsBytes(), bytes.Length);
        }

        try
        {
            session.Run();
        }
        catch (DataRangeException)
        {
            // Random inputs are rarely good indices, whatever the file.
        }
    }

    // One block over and over: a seeded generator would take longer than the model.
    static void Fill(Span<byte> input, int seed)
    {
        const int Block = 4096;
        var block = new byte[Math.Min(Block, input.Length)];
        new Random(seed).NextBytes(block);
        for (int at = 0; at < input.Length; at += block.Length)
        {
            Span<byte> rest = input[at..];
            block.AsSpan(0, Math.Min(block.Length, rest.Length)).CopyTo(rest);
        }
    }

    // A loop or a huge convolution may run for long, and lawfully so.
    static bool IsTooMuchWork(Model model)
    {
        long work = 0;
        for (int g = 0; g < model.Graphs.Count; g++)
        {
            for (int n = 0; n < model.Graphs[g].Nodes.Count; n++)
            {
                Node node = model.Graphs[g].Nodes[n];
                work += model.Notes![g][n].Macs;
                work += node.Outputs.Sum(o => model.Graphs[g].Values[o].Bytes);
                if (node.Op.OpCode == OpCode.While)
                {
                    return true;
                }
            }
        }

        return work > MostMacs;
    }
}
