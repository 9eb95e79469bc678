using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeDL.Bench.Timing;

/// <summary>The time that the calling thread has had a core.</summary>
static unsafe partial class CpuClock
{
    const int OfThread = 3;

    /// <summary>In <see cref="Stopwatch"/>'s ticks, which are nanoseconds on Linux; elsewhere the
    /// time on the wall.</summary>
    public static long Ticks()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Stopwatch.GetTimestamp();
        }

        // struct timespec of 64-bit Linux: seconds, nanoseconds.
        long* time = stackalloc long[2];
        _ = GetTime(OfThread, time);
        return (time[0] * Stopwatch.Frequency) + time[1];
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);
}
