using System.Runtime.InteropServices;

namespace EdgeDL.Testing;

/// <summary>Which end of the span touches an inaccessible page.</summary>
public enum Guard
{
    /// <summary>Reading or writing past the last element faults.</summary>
    End,

    /// <summary>Reading or writing before the first element faults.</summary>
    Start,
}

/// <summary>
/// A span between two inaccessible pages, flush with one of them, so that an access outside it
/// ends the process at the guilty instruction instead of passing unseen.
/// </summary>
public sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged
{
    readonly byte* block;
    readonly nuint blockBytes;

    public GuardedMemory(int length, Guard guard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        nuint inner = Math.Max(page, (bytes + page - 1) / page * page);
        blockBytes = inner + (2 * page);
        block = Libc.Map(blockBytes);
        Libc.Forbid(block, page);
        Libc.Forbid(block + page + inner, page);
        byte* first = block + page;
        Pointer = (T*)(guard == Guard.Start ? first : first + (inner - bytes));
        Length = length;
    }

    public GuardedMemory(ReadOnlySpan<T> values, Guard guard)
        : this(values.Length, guard)
    {
        values.CopyTo(Span);
    }

    public T* Pointer { get; }

    public int Length { get; }

    public Span<T> Span => new(Pointer, Length);

    public void Dispose() => Libc.Unmap(block, blockBytes);
}

static unsafe partial class Libc
{
    const int None = 0;
    const int ReadWrite = 3;
    const int PrivateAnonymous = 0x22;

    public static byte* Map(nuint bytes)
    {
        nint at = mmap(0, bytes, ReadWrite, PrivateAnonymous, -1, 0);
        return at == -1
            ? throw new OutOfMemoryException($"mmap of {bytes} bytes failed")
            : (byte*)at;
    }

    public static void Forbid(byte* at, nuint bytes)
    {
        if (mprotect((nint)at, bytes, None) != 0)
        {
            throw new InvalidOperationException("mprotect failed");
        }
    }

    public static void Unmap(byte* at, nuint bytes) => _ = munmap((nint)at, bytes);

    [LibraryImport("libc")]
    private static partial nint mmap(
        nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(nint address, nuint bytes, int protection);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint bytes);
}
