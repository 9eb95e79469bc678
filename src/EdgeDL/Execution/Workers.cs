namespace EdgeDL.Execution;

/// <summary>Work that splits into numbered parts which may run at the same time.</summary>
public interface IParallelWork
{
    /// <summary>Does part <paramref name="index"/>; <paramref name="worker"/> is in
    /// [0, <see cref="Workers.Count"/>) and no two calls share it at one time.</summary>
    void Execute(int index, int worker);
}

/// <summary>
/// A fixed team of threads, the caller among them. Idle members spin for a few microseconds and
/// then sleep. <see cref="Run"/> allocates nothing.
/// </summary>
public sealed class Workers : IDisposable
{
    const int SpinsBeforeSleep = 200;

    readonly Thread[] threads;
    readonly object gate = new();
    IParallelWork? work;
    Exception? failure;
    int count;
    int next;
    int busy;
    int round;
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
    /// A part that throws makes this throw, after the others have ended.</summary>
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

        lock (gate)
        {
            work = job;
            count = parts;
            next = 0;
            busy = threads.Length;
            round++;
            Monitor.PulseAll(gate);
        }

        Drain(job, parts, 0);
        var spinner = default(SpinWait);
        while (Volatile.Read(ref busy) != 0)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }

        if (failure is { } thrown)
        {
            failure = null;
            throw thrown;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            stop = true;
            round++;
            Monitor.PulseAll(gate);
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    void Serve(int worker)
    {
        int seen = 0;
        while (true)
        {
            for (int i = 0; i < SpinsBeforeSleep && Volatile.Read(ref round) == seen; i++)
            {
                Thread.SpinWait(20);
            }

            IParallelWork? job;
            int parts;
            lock (gate)
            {
                while (round == seen)
                {
                    Monitor.Wait(gate);
                }

                seen = round;
                if (stop)
                {
                    return;
                }

                job = work;
                parts = count;
            }

            Drain(job!, parts, worker);
            Interlocked.Decrement(ref busy);
        }
    }

    void Drain(IParallelWork job, int parts, int worker)
    {
        try
        {
            int index;
            while ((index = Interlocked.Increment(ref next) - 1) < parts)
            {
                job.Execute(index, worker);
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref failure, e, null);
        }
    }
}
