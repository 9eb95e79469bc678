using System.Diagnostics;

namespace EdgeDL.Execution;

/// <summary>Work that splits into numbered parts which may run at the same time.</summary>
public interface IParallelWork
{
    /// <summary>Does part <paramref name="index"/>; <paramref name="worker"/> is in
    /// [0, <see cref="Workers.Count"/>) and no two calls share it at one time.</summary>
    void Execute(int index, int worker);
}

/// <summary>
/// A fixed team of threads, the caller among them. <see cref="Run"/> allocates nothing.
/// </summary>
/// <remarks>
/// Whoever is free takes the next part, the caller too: it waits for parts that others have begun,
/// never for a thread that has not come yet. So a team on a busy machine is about as fast as the
/// caller alone. An idle member watches for a while, as the next step of a net comes within
/// microseconds, and then sleeps.
/// </remarks>
public sealed class Workers : IDisposable
{
    /// <summary>The most parts of one run.</summary>
    public const int MaxParts = ushort.MaxValue;

    // Waking a sleeper takes up to a hundred microseconds. A millisecond outlasts what comes
    // between two runs of a net in a loop: filling the input, reading the answer.
    static readonly long WatchTicks = Stopwatch.Frequency / 1000;

    // Then the part that is missing may wait for this very core.
    const int SpinsBeforeYield = 4000;

    readonly Thread[] threads;
    readonly object gate = new();

    // Round (32 bits), parts of it (16), parts taken (16). One word, so that taking a part proves
    // that its round still runs and the work is that round's.
    long offer;
    IParallelWork? work;
    Exception? failure;
    int done;
    int asleep;
    bool stop;

    /// <summary>A team of <paramref name="count"/> ≥ 1, the calling thread included.</summary>
    public Workers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        threads = new Thread[count - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            int worker = i + 1;
            threads[i] = new Thread(() => Serve(worker))
            {
                IsBackground = true, Name = $"edgedl-{worker}",
            };
            threads[i].Start();
        }
    }

    /// <summary>How many threads there are, the caller included.</summary>
    public int Count { get; }

    /// <summary>Runs the parts 0 to <paramref name="parts"/> − 1 and returns when all are done.
    /// A part that throws makes this throw, after the others have ended. One thread at a time
    /// calls it.</summary>
    /// <param name="job">What has the parts.</param>
    /// <param name="parts">At most <see cref="MaxParts"/>.</param>
    public void Run(IParallelWork job, int parts)
    {
        if (threads.Length == 0 || parts <= 1)
        {
            for (int i = 0; i < parts; i++)
            {
                job.Execute(i, 0);
            }

            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, MaxParts);
        work = job;
        done = 0;
        Offer(parts);
        Drain(0);
        for (int spins = 0; Volatile.Read(ref done) != parts; spins++)
        {
            if (spins < SpinsBeforeYield)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }

        if (failure is { } thrown)
        {
            failure = null;
            throw thrown;
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref stop, true);
        Offer(0);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    static int Round(long offer) => (int)(offer >> 32);

    // A new round. Full fences on both sides: either a member sees the round before it sleeps, or
    // it is seen sleeping here.
    void Offer(int parts)
    {
        long round = Round(offer) + 1;
        Interlocked.Exchange(ref offer, round << 32 | (long)parts << 16);
        if (Volatile.Read(ref asleep) != 0)
        {
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    void Serve(int worker)
    {
        int seen = 0;
        while (true)
        {
            seen = Await(seen);
            if (Volatile.Read(ref stop))
            {
                return;
            }

            Drain(worker);
        }
    }

    // The next round after the one seen.
    int Await(int seen)
    {
        long end = Stopwatch.GetTimestamp() + WatchTicks;
        do
        {
            for (int i = 0; i < 32; i++)
            {
                int round = Round(Volatile.Read(ref offer));
                if (round != seen)
                {
                    return round;
                }

                Thread.SpinWait(1);
            }
        }
        while (Stopwatch.GetTimestamp() < end);
        lock (gate)
        {
            Interlocked.Increment(ref asleep);
            while (Round(Volatile.Read(ref offer)) == seen)
            {
                Monitor.Wait(gate);
            }

            Interlocked.Decrement(ref asleep);
        }

        return Round(Volatile.Read(ref offer));
    }

    void Drain(int worker)
    {
        while (true)
        {
            long seen = Volatile.Read(ref offer);
            int index = (ushort)seen;
            if (index >= (ushort)(seen >> 16))
            {
                return;
            }

            IParallelWork job = work!;
            if (Interlocked.CompareExchange(ref offer, seen + 1, seen) != seen)
            {
                continue;
            }

            try
            {
                job.Execute(index, worker);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }

            Interlocked.Increment(ref done);
        }
    }
}
