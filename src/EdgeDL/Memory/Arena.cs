using System.Runtime.InteropServices;

namespace EdgeDL.Memory;

/// <summary>
/// A session's native memory. While it is open, blocks are taken from it (the tensor block, packed
/// weights); once sealed it gives nothing more; disposed, everything is freed.
/// </summary>
public sealed unsafe class Arena(long budgetBytes) : IDisposable
{
    /// <summary>Every block and every tensor in it starts at a multiple of this.</summary>
    public const int Alignment = 64;

    readonly List<nint> blocks = [];
    State state;

    enum State
    {
        Open,
        Sealed,
        Disposed,
    }

    /// <summary>All bytes taken so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes a zeroed, aligned block.</summary>
    /// <exception cref="InvalidOperationException">The arena is sealed or disposed.</exception>
    /// <exception cref="MemoryBudgetException">The budget does not allow it.</exception>
    public byte* Take(long bytes)
    {
        if (state != State.Open)
        {
            throw new InvalidOperationException(
                $"the arena is {(state == State.Sealed ? "sealed" : "disposed")}: take memory "
                    + "while loading");
        }

        if (bytes < 0 || bytes > budgetBytes - Bytes)
        {
            throw new MemoryBudgetException("the session", Bytes + bytes, budgetBytes);
        }

        nuint size = (nuint)Math.Max(bytes, 1);
        byte* block = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(block, size);
        blocks.Add((nint)block);
        Bytes += bytes;
        return block;
    }

    /// <summary>From here on, nothing more is given.</summary>
    public void Seal() => state = state == State.Open ? State.Sealed : state;

    /// <summary>Rounds up to the alignment.</summary>
    public static long Align(long bytes) => (bytes + Alignment - 1) & -(long)Alignment;

    public void Dispose()
    {
        if (state == State.Disposed)
        {
            return;
        }

        state = State.Disposed;
        foreach (nint block in blocks)
        {
            NativeMemory.AlignedFree((void*)block);
        }

        blocks.Clear();
    }
}
