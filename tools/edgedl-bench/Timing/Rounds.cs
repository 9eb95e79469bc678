using System.Diagnostics;

namespace EdgeDL.Bench.Timing;

/// <summary>
/// Times contenders in turn, block by block, so that all see the same machine: its clock, its
/// caches, its other users. The first run of a block is not counted: there the caches are another
/// contender's. On one thread, runs in which the system gave the core to another program are not
/// counted either; if nearly all are such, they count with the time that they had the core. Threads
/// that wait for each other yield, which looks the same: there all runs count as they are.
/// </summary>
/// <param name="seconds">How long all are timed together, or a little more.</param>
/// <param name="threads">What the contenders run on.</param>
sealed class Rounds(double seconds, int threads)
{
    const int BlocksOfEach = 20;
    const double LongestBlock = 0.05;
    const double ShortestBlock = 0.001;
    const int MostRuns = 1 << 20;
    const int LeastRunsOfBlock = 3;
    const int LeastRounds = 2;
    const double WarmUpSeconds = 0.1;
    const int LeastWarmUps = 3;
    const int LeastCounted = 5;

    // Rest before a block, in which the threads of others fall asleep: they spin a while first.
    const int PauseMs = 5;
    const int MostPauses = 40;

    // Whoever is slower than that is timed by one run: nobody waits for its blocks.
    const double Hopeless = 20;
    const double LongFirst = 0.001;
    const double Endless = 0.3;

    /// <summary>Times one contender or more.</summary>
    public Times[] Time(IContender[] contenders)
    {
        double block = Math.Clamp(
            seconds / (contenders.Length * BlocksOfEach), ShortestBlock, LongestBlock);
        var samples = Array.ConvertAll(contenders, _ => new Samples());
        double[] once = Array.ConvertAll(contenders, Once);
        double limit = Hopeless * once.Min();
        int[] runs = new int[contenders.Length];
        for (int i = 0; i < runs.Length; i++)
        {
            if (once[i] > Math.Max(limit, block))
            {
                samples[i].Whole.Add((long)(once[i] * Stopwatch.Frequency));
                continue;
            }

            runs[i] = RunsOf(
                block, WarmUp(contenders[i], Math.Min(WarmUpSeconds, seconds / 4)));
        }

        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        int rounds = 0;
        do
        {
            // Each comes first in its turn, and after each other one.
            for (int turn = 0; turn < contenders.Length; turn++)
            {
                int i = (turn + rounds) % contenders.Length;
                Pause(runs[i]);
                Block(contenders[i], runs[i], samples[i]);
            }

            rounds++;
        }
        while (rounds < LeastRounds || (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds
            && samples.Max(s => s.Whole.Count) < MostRuns));

        return Array.ConvertAll(samples, TimesOf);
    }

    static int RunsOf(double seconds, double single) =>
        1 + Math.Max(LeastRunsOfBlock, (int)Math.Min(seconds / single, MostRuns));

    // The best of a few, if the first took long: it may have been kept waiting.
    static double Once(IContender contender)
    {
        double best = double.MaxValue;
        for (int run = 0; run < LeastWarmUps && best > LongFirst; run++)
        {
            contender.Fill();
            long before = Stopwatch.GetTimestamp();
            contender.Run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(before).TotalSeconds);
            if (best > Endless)
            {
                break;
            }
        }

        return best;
    }

    static double WarmUp(IContender contender, double seconds)
    {
        var watch = Stopwatch.StartNew();
        int runs = 0;
        do
        {
            contender.Fill();
            contender.Run();
            runs++;
        }
        while (runs < LeastWarmUps || watch.Elapsed.TotalSeconds < seconds);
        return watch.Elapsed.TotalSeconds / runs;
    }

    // Until nobody spins any more: a runtime's idle threads would take the other's cores.
    void Pause(int runs)
    {
        if (threads == 1 || runs == 0)
        {
            return;
        }

        for (int pause = 0; pause < MostPauses; pause++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(PauseMs);
            TimeSpan spent = Environment.CpuUsage.TotalTime - before;
            if (spent.TotalMilliseconds < 0.1 * PauseMs)
            {
                break;
            }
        }
    }

    void Block(IContender contender, int runs, Samples samples)
    {
        for (int run = 0; run < runs; run++)
        {
            contender.Fill();
            long interruptions = Interruptions.Count();
            long cpuBefore = CpuClock.Ticks();
            long before = Stopwatch.GetTimestamp();
            contender.Run();
            long after = Stopwatch.GetTimestamp();
            long cpu = CpuClock.Ticks() - cpuBefore;
            if (run > 0 && (threads > 1 || Interruptions.Count() == interruptions))
            {
                samples.Whole.Add(after - before);
            }
            else if (run > 0)
            {
                samples.Broken.Add(cpu);
            }
        }
    }

    static Times TimesOf(Samples samples)
    {
        int all = samples.Whole.Count + samples.Broken.Count;
        IEnumerable<long> counted = samples.Whole.Count >= Math.Min(LeastCounted, all)
            ? samples.Whole : samples.Whole.Concat(samples.Broken);
        double[] microseconds = [.. counted.Select(t => t * 1e6 / Stopwatch.Frequency)];
        Array.Sort(microseconds);
        return new Times(microseconds, (double)samples.Broken.Count / all);
    }

    sealed class Samples
    {
        public List<long> Whole { get; } = [];

        /// <summary>Without the time in which others had the core.</summary>
        public List<long> Broken { get; } = [];
    }
}
