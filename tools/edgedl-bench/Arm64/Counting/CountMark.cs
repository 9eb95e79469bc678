using System.Runtime.InteropServices;

namespace EdgeDL.Bench.Arm64.Counting;

/// <summary>A point between which a <see cref="QemuCounter"/> counts: a system call that no system
/// has, so that it does nothing.</summary>
static partial class CountMark
{
    public const int Number = 0x45444C;

    public static void Set() => _ = SystemCall(Number);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number);
}
