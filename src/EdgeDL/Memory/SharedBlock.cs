using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace EdgeDL.Memory;

/// <summary>
/// Read-only bytes that a model and its sessions share: a mapped file, or an own copy. Freed when
/// the last reference is released.
/// </summary>
sealed unsafe partial class SharedBlock
{
    const int DontNeed = 4;

    readonly MemoryMappedFile? file;
    readonly MemoryMappedViewAccessor? view;
    readonly byte* data;
    int references = 1;

    SharedBlock(MemoryMappedFile? file, MemoryMappedViewAccessor? view, byte* data, long bytes)
    {
        this.file = file;
        this.view = view;
        this.data = data;
        Bytes = bytes;
    }

    public byte* Data => data;

    public long Bytes { get; }

    /// <summary>Maps a file of at least one byte.</summary>
    public static SharedBlock Map(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        long bytes = stream.Length;
        if (bytes == 0)
        {
            return Copy([]);
        }

        MemoryMappedFile file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None,
            leaveOpen: true);
        MemoryMappedViewAccessor view = file.CreateViewAccessor(
            0, bytes, MemoryMappedFileAccess.Read);
        byte* data = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref data);
        return new SharedBlock(file, view, data + view.PointerOffset, bytes);
    }

    /// <summary>An own, 64-byte aligned copy.</summary>
    public static SharedBlock Copy(ReadOnlySpan<byte> bytes)
    {
        byte* data = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes.Length, 1), 64);
        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        return new SharedBlock(null, null, data, bytes.Length);
    }

    public SharedBlock AddReference()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    /// <summary>Gives the first pages of a mapped file back to the kernel; a later use reads them
    /// again.</summary>
    public void LeavePages(long bytes)
    {
        if (view is not null && OperatingSystem.IsLinux())
        {
            long whole = bytes == Bytes ? bytes : bytes & -(long)Environment.SystemPageSize;
            // Refused or not, the bytes stay valid: the pages are a file's and clean.
            _ = Advise(data, (nuint)whole, DontNeed);
        }
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref references) != 0)
        {
            return;
        }

        if (view is null)
        {
            NativeMemory.AlignedFree(data);
            return;
        }

        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file!.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* address, nuint bytes, int advice);
}
