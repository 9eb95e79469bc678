using System.Globalization;

namespace EdgeDL.Host.Measuring;

/// <summary>What the kernel says this process, or another, has in memory.</summary>
public static class ProcessMemory
{
    /// <summary>Resident bytes of this process; 0 where the system does not say.</summary>
    public static long ResidentBytes() => Field("self", "VmRSS:");

    /// <summary>The most resident bytes this process has had.</summary>
    public static long PeakResidentBytes() => Field("self", "VmHWM:");

    static long Field(string process, string name)
    {
        var path = $"/proc/{process}/status";
        if (!File.Exists(path))
        {
            return 0;
        }

        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                var number = line.AsSpan(name.Length).Trim();
                number = number[..number.IndexOf(' ')];
                return long.Parse(number, CultureInfo.InvariantCulture) * 1024;
            }
        }

        return 0;
    }
}
