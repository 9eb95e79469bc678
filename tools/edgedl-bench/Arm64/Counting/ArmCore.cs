namespace EdgeDL.Bench.Arm64.Counting;

/// <summary>An Arm64 core as qemu emulates it.</summary>
/// <param name="Name">In reports.</param>
/// <param name="Model">What qemu's -cpu calls it.</param>
/// <param name="Part">"CPU part" of /proc/cpuinfo: by it libraries choose code, too.</param>
/// <param name="Has">What its vectors have for int8.</param>
sealed record ArmCore(string Name, string Model, string Part, string Has)
{
    // No core of qemu 7.2 has i8mm without the longer vectors, which no Pi or Jetson has.
    public static readonly ArmCore[] All =
    [
        new("cortex-a53", "cortex-a53", "0xd03", "NEON"),
        new("cortex-a76", "cortex-a76", "0xd0b", "NEON and SDOT"),
        new("i8mm", "max,sve=off,sme=off", "0xd47", "NEON, SDOT and SMMLA"),
    ];

    /// <summary>Such a core alone, as Linux describes it.</summary>
    public string CpuInfo =>
        "processor\t: 0\nBogoMIPS\t: 100.00\nFeatures\t: fp asimd\n"
        + "CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x1\n"
        + $"CPU part\t: {Part}\nCPU revision\t: 0\n\n";
}
