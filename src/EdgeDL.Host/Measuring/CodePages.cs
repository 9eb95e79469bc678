using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeDL.Host.Measuring;

/// <summary>The pages of machine code that this process holds in memory.</summary>
/// <remarks>
/// The kernel maps sixteen pages round every fault, so that start-up, parsing and checking leave
/// megabytes of code resident that no run of the model needs again.
/// </remarks>
public static partial class CodePages
{
    const int DontNeed = 4;

    /// <summary>Gives all code back to the page cache; what runs next faults back in, some
    /// microseconds a page. Call it between the first answer and a long run of others.</summary>
    /// <remarks>
    /// Only mappings that may be executed and not written: those hold a file's bytes and nothing
    /// else, where read-only data may hold relocated addresses that would be lost. Does nothing
    /// where the system is not Linux or hides its map.
    /// </remarks>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string[] lines;
        try
        {
            lines = File.ReadAllLines("/proc/self/maps");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }

        foreach (var line in lines)
        {
            if (IsCode(line, out var start, out var bytes))
            {
                // Refused or not, the code stays: its pages are a file's and clean.
                _ = Advise(start, bytes, DontNeed);
            }
        }
    }

    // A line reads "7f00-7f10 r-xp 00000000 08:01 4711   /usr/lib/libc.so.6".
    static bool IsCode(ReadOnlySpan<char> line, out nint start, out nuint bytes)
    {
        start = 0;
        bytes = 0;
        var dash = line.IndexOf('-');
        var space = line.IndexOf(' ');
        if (dash < 0 || space < dash || !line[space..].StartsWith(" r-xp ") || !line.Contains('/'))
        {
            return false;
        }

        var hex = NumberStyles.HexNumber;
        if (!nint.TryParse(line[..dash], hex, CultureInfo.InvariantCulture, out start) ||
            !nint.TryParse(line[(dash + 1)..space], hex, CultureInfo.InvariantCulture, out var end))
        {
            return false;
        }

        bytes = (nuint)(end - start);
        return end > start;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint bytes, int advice);
}
