using System.Runtime.InteropServices;

namespace EdgeDL.Kernels.Emit;

/// <summary>Where memory for machine code comes from.</summary>
interface ICodePages
{
    /// <summary>Private zeroed memory that may be read and written; 0 if refused.</summary>
    nint Map(nuint bytes);

    /// <summary>From now on it may be read and executed, no longer written.</summary>
    /// <returns>False if the kernel refuses.</returns>
    bool MakeExecutable(nint address, nuint bytes);

    void Unmap(nint address, nuint bytes);
}

/// <summary>mmap, mprotect and munmap of Linux.</summary>
sealed partial class SystemCodePages : ICodePages
{
    const int Read = 1;
    const int Write = 2;
    const int Execute = 4;
    const int PrivateAnonymous = 0x22;

    public nint Map(nuint bytes)
    {
        nint at = MemoryMap(0, bytes, Read | Write, PrivateAnonymous, -1, 0);
        return at == -1 ? 0 : at;
    }

    public bool MakeExecutable(nint address, nuint bytes) =>
        Protect(address, bytes, Read | Execute) == 0;

    public void Unmap(nint address, nuint bytes) => _ = MemoryUnmap(address, bytes);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(
        nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(nint address, nuint bytes);
}
