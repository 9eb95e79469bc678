using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Memory;

namespace EdgeDL.Convert.Patching;

/// <summary>Layers that run in patches now.</summary>
/// <param name="First">The first layer's name.</param>
/// <param name="Last">The last layer's name.</param>
/// <param name="Layers">How many there are.</param>
/// <param name="Down">Patches one below the other.</param>
/// <param name="Across">Patches side by side.</param>
public sealed record PatchedLayers(string First, string Last, int Layers, int Down, int Across);

/// <summary>What patches brought and what they cost.</summary>
public sealed record PatchReport
{
    /// <summary>The tensor arena without patches.</summary>
    public required long BytesBefore { get; init; }

    /// <summary>The tensor arena now.</summary>
    public required long BytesAfter { get; init; }

    /// <summary>Multiply-accumulates of a run without patches.</summary>
    public required long MacsBefore { get; init; }

    /// <summary>Multiply-accumulates of a run now.</summary>
    public required long MacsAfter { get; init; }

    /// <summary>The layers that were cut; empty if the model fits as it is.</summary>
    public required IReadOnlyList<PatchedLayers> Layers { get; init; }
}

/// <summary>
/// Trades work for memory: runs of layers with large tensors compute their result patch by patch
/// (Lin et al., "MCUNetV2", 2021), so that of the tensors between them one patch exists at a time.
/// Patches overlap, and what lies in two of them is computed twice. Integer results stay the same
/// to the bit.
/// </summary>
public static class Patcher
{
    // The search adds up what lives; planning may leave gaps, and then aims lower.
    const int MostTries = 6;

    /// <summary>Rewrites the model so that its tensor arena takes at most so many bytes, with the
    /// least repeated work that was found.</summary>
    /// <exception cref="EdgeDLException">It needs more; the message says how much.</exception>
    public static PatchReport Fit(Model model, long maxArenaBytes)
    {
        var trial = new Trial(model);
        return trial.Fit(maxArenaBytes) ?? throw new EdgeDLException(
            $"the arena can't be brought to {maxArenaBytes} bytes: the model needs at least "
                + $"{trial.Smallest()} bytes ({KiB(trial.Smallest())} KiB) when its layers run in "
                + $"patches that at most double the work (the most at '{trial.Bottleneck}'); "
                + "allow so much, or give the model a smaller input");
    }

    /// <summary>Rewrites the model to the smallest tensor arena that was found among those that at
    /// most double the work.</summary>
    public static PatchReport Shrink(Model model)
    {
        var trial = new Trial(model);
        return trial.Shrink();
    }

    static long KiB(long bytes) => (bytes + 1023) / 1024;

    sealed class Trial(Model model)
    {
        readonly Graph main = model.Main;
        readonly int graphs = model.Graphs.Count;
        readonly MemoryPlan before = model.Plan = MemoryPlan.Make(model);
        readonly PatchSearch search = new(model);
        List<PatchChoice>? smallestChoices;
        long smallest;

        /// <summary>The node that <see cref="Smallest"/> hangs on.</summary>
        public string Bottleneck { get; private set; } = "";

        public long BytesBefore => before.ActivationBytes + before.PersistentBytes;

        public PatchReport? Fit(long maxBytes)
        {
            if (BytesBefore <= maxBytes)
            {
                return Report([]);
            }

            long aim = maxBytes - before.PersistentBytes;
            for (int i = 0; i < MostTries && WithinWork(aim) is { } choices; i++)
            {
                long above = Apply(choices) - maxBytes;
                if (above <= 0)
                {
                    return Report(choices);
                }

                Undo();
                aim -= above;
            }

            if (Smallest() > maxBytes)
            {
                return null;
            }

            return Shrink();
        }

        public PatchReport Shrink()
        {
            _ = Smallest();
            Apply(smallestChoices!);
            return Report(smallestChoices!);
        }

        /// <summary>The least that <see cref="Fit"/> manages.</summary>
        public long Smallest()
        {
            if (smallestChoices is not null)
            {
                return smallest;
            }

            long[] peaks = search.Peaks();
            int low = 0;
            int high = peaks.Length - 1;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = WithinWork(peaks[middle]) is not null ? (low, middle)
                    : (middle + 1, high);
            }

            // What the plan makes of it may be a little more.
            smallest = BytesBefore;
            smallestChoices = [];
            Bottleneck = LargestNode();
            for (int i = low; i < Math.Min(low + MostTries, peaks.Length); i++)
            {
                if (WithinWork(peaks[i]) is { } choices)
                {
                    long bytes = Apply(choices);
                    if (bytes < smallest)
                    {
                        (smallest, smallestChoices) = (bytes, choices);
                        Bottleneck = LargestNode();
                    }

                    Undo();
                    if (bytes - before.PersistentBytes <= peaks[i])
                    {
                        break;
                    }
                }
            }

            return smallest;
        }

        // The arena that comes of it.
        long Apply(List<PatchChoice> choices)
        {
            PatchRewrite.Apply(model, choices);
            model.Plan = MemoryPlan.Make(model);
            return model.Plan.ActivationBytes + model.Plan.PersistentBytes;
        }

        List<PatchChoice>? WithinWork(long peak) =>
            search.Within(peak) is { } choices
                && choices.Sum(c => c.RepeatedMacs) <= search.Macs ? choices : null;

        string LargestNode()
        {
            GraphPlan plan = model.Plan!.Graphs[0];
            int step = Enumerable.Range(0, model.Main.Nodes.Count).MaxBy(n => plan.Storages.Sum(
                s => s.First <= n && n <= s.Last ? Arena.Align(s.Bytes) : 0));
            return model.Main.Nodes[step].Name.Split(';')[0];
        }

        void Undo()
        {
            model.Graphs.RemoveRange(graphs, model.Graphs.Count - graphs);
            model.Graphs[0] = main;
            model.Plan = before;
        }

        PatchReport Report(IReadOnlyList<PatchChoice> choices) => new()
        {
            BytesBefore = BytesBefore,
            BytesAfter = model.Plan!.ActivationBytes + model.Plan.PersistentBytes,
            MacsBefore = search.Macs,
            MacsAfter = ModelAnalysis.Of(model).TotalMacs,
            Layers = [.. choices.Select(Describe)],
        };

        PatchedLayers Describe(PatchChoice choice)
        {
            PatchSegment segment = choice.Segment;
            int last = segment.Values.Count - 1;
            return new(
                main.Nodes[segment.First].Name, main.Nodes[segment.Last].Name,
                segment.Layers.Count, Count(segment.Extent(last, true), choice.Rows),
                Count(segment.Extent(last, false), choice.Columns));
        }

        static int Count(int extent, int part) => (extent + part - 1) / part;
    }
}
