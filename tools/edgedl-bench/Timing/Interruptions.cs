using System.Runtime.InteropServices;

namespace EdgeDL.Bench.Timing;

/// <summary>How often the system took a core away from this process.</summary>
static unsafe partial class Interruptions
{
    const int OfProcess = 0;

    // struct rusage of 64-bit Linux: two timevals and 14 numbers, ru_nivcsw the last.
    const int Words = 18;

    /// <summary>Involuntary context switches of all threads so far; 0 where it is not known.
    /// </summary>
    public static long Count()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        long* usage = stackalloc long[Words];
        return Usage(OfProcess, usage) == 0 ? usage[Words - 1] : 0;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int Usage(int who, long* usage);
}
