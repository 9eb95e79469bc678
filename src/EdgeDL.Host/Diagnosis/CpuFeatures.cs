namespace EdgeDL.Host.Diagnosis;

/// <summary>
/// The vector instructions that decide which kernels run, as the kernel names them in
/// /proc/cpuinfo: what the processor has, whatever this program was compiled for.
/// </summary>
static class CpuFeatures
{
    public static string[] X86() => Present(
        "flags",
        ["sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512_vnni", "avx_vnni"]);

    public static string[] Arm() => Present(
        "Features", ["asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve"]);

    static string[] Present(string field, string[] wanted)
    {
        var all = SystemFile.Field("/proc/cpuinfo", field).Split(' ');
        return Array.FindAll(wanted, name => Array.IndexOf(all, name) >= 0);
    }
}
