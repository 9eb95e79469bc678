using System.Runtime.InteropServices;

namespace EdgeDL.Host.Diagnosis;

/// <summary>Looks at everything about this machine that decides whether models run, and how well.
/// </summary>
public static class Doctor
{
    /// <summary>All findings, in the order in which they matter.</summary>
    public static IReadOnlyList<Finding> Examine()
    {
        var findings = new List<Finding> { Machine(), SystemLibrary() };
        findings.AddRange(Processor.Examine());
        findings.AddRange(MemoryAndClock.Examine());
        findings.AddRange(Permissions.Examine());
        return findings;
    }

    static Finding Machine()
    {
        // The device tree names boards ("Raspberry Pi 5 Model B Rev 1.0"); PCs have none.
        var board = SystemFile.FirstLine("/proc/device-tree/model").TrimEnd('\0');
        var kernel = SystemFile.FirstLine("/proc/sys/kernel/osrelease");
        var name = board.Length > 0 ? $"{board}, " : "";
        return Finding.Pass(
            "machine", $"{name}{RuntimeInformation.ProcessArchitecture}, Linux {kernel}");
    }

    static Finding SystemLibrary()
    {
        var system = "unknown system";
        foreach (var line in SystemFile.Lines("/etc/os-release"))
        {
            if (line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))
            {
                system = line["PRETTY_NAME=".Length..].Trim('"');
            }
        }

        return Finding.Pass("system", $"{system}, {RuntimeInformation.FrameworkDescription}");
    }
}
