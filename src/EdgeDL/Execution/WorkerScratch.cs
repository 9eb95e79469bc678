using EdgeDL.Memory;

namespace EdgeDL.Execution;

/// <summary>
/// What each worker needs while one step runs: packed lines, gathered windows. Steps run one after
/// the other, so all of a session share one piece a worker, as large as the largest asks for. Its
/// bytes depend on the CPU and the threads, which the plan of a model knows nothing of.
/// </summary>
public sealed unsafe class WorkerScratch
{
    byte* data;
    long stride;

    internal WorkerScratch()
    {
    }

    /// <summary>The bytes of all pieces.</summary>
    internal long Bytes { get; private set; }

    /// <summary>The piece of one worker; what is in it does not last from step to step.</summary>
    public byte* Of(int worker) => data + (worker * stride);

    /// <summary>A step asks for so many bytes a worker.</summary>
    internal void Need(long bytes) =>
        // Far enough apart for the workers' caches.
        stride = Math.Max(stride, (bytes + 127) & ~127L);

    /// <summary>Takes the memory, when every step has asked.</summary>
    internal void Take(Arena arena, int workers)
    {
        Bytes = stride * workers;
        data = arena.Take(Bytes);
    }
}
