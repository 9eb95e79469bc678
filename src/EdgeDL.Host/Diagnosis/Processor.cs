using System.Runtime.InteropServices;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Depthwise;
using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.Recurrent;

namespace EdgeDL.Host.Diagnosis;

/// <summary>The processor: its name, its vector instructions, the kernels chosen for it.</summary>
public static class Processor
{
    /// <summary>The row that each of the heavy kernel families runs on this processor.</summary>
    public static (string Family, string Row)[] ChosenKernels() =>
    [
        ("conv int8", ConvS8.Best().Name),
        ("conv fp32", ConvF32.Best().Name),
        ("depthwise int8", DepthwiseS8.Best().Name),
        ("depthwise fp32", DepthwiseF32.Best().Name),
        ("recurrent int8", RowDots.BestInt8().Name),
        ("recurrent fp32", RowDots.BestFloat().Name),
    ];

    /// <summary>The name the processor gives itself, or the name of its architecture.</summary>
    public static string ModelName()
    {
        var name = SystemFile.Field("/proc/cpuinfo", "model name");
        if (name.Length == 0)
        {
            // Arm kernels print numbers; the parts of the boards we know have names.
            name = SystemFile.Field("/proc/cpuinfo", "CPU part") switch
            {
                "0xd03" => "Cortex-A53",
                "0xd07" => "Cortex-A57",
                "0xd08" => "Cortex-A72",
                "0xd0b" => "Cortex-A76",
                "0xd42" => "Cortex-A78AE",
                _ => RuntimeInformation.ProcessArchitecture.ToString(),
            };
        }

        return name;
    }

    internal static IEnumerable<Finding> Examine()
    {
        var count = Environment.ProcessorCount;
        yield return Finding.Pass(
            "processor", $"{ModelName()}, {count} core{(count == 1 ? "" : "s")}");
        yield return Features();
        foreach (var (family, row) in ChosenKernels())
        {
            yield return row.Equals("Scalar", StringComparison.OrdinalIgnoreCase)
                ? Finding.Warn(
                    $"kernel {family}", row, "use a build for this processor: tools/build")
                : Finding.Pass($"kernel {family}", row);
        }

        yield return Finding.Pass("target for weights", CpuTarget.This().Name);
        yield return EmittedKernels();
        yield return Governor();
    }

    static Finding Features()
    {
        var isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        var present = isArm ? CpuFeatures.Arm() : CpuFeatures.X86();
        var found = present.Length == 0 ? "none" : string.Join(' ', present);
        return isArm || present.Contains("avx2")
            ? Finding.Pass("vector instructions", found)
            : Finding.Fail(
                "vector instructions", found, "use a processor with AVX2 (2013 or later)");
    }

    // Asked after the kernels were chosen.
    static Finding EmittedKernels()
    {
        const string Subject = "emitted kernels";
        if (EmittedCode.IsTurnedOff)
        {
            return Finding.Warn(Subject, "turned off", "unset EDGEDL_NO_EMIT");
        }

        if (EmittedCode.State == EmitState.Refused || !EmittedCode.IsMemoryGranted)
        {
            return Finding.Warn(
                Subject, "refused: no executable memory, other kernels serve",
                "allow it (systemd: MemoryDenyWriteExecute=no), or live with less speed on "
                + "processors with AVX-512 VNNI or i8mm");
        }

        return Finding.Pass(
            Subject,
            EmittedCode.State == EmitState.Ready ? "in use" : "none for this processor");
    }

    static Finding Governor()
    {
        const string Folder = "/sys/devices/system/cpu/cpu0/cpufreq";
        var governor = SystemFile.FirstLine($"{Folder}/scaling_governor");
        if (governor.Length == 0)
        {
            return Finding.Pass("clock governor", "not shown by this system");
        }

        var current = SystemFile.Number($"{Folder}/scaling_cur_freq") / 1000;
        var highest = SystemFile.Number($"{Folder}/cpuinfo_max_freq") / 1000;
        var found = $"{governor}, {current} of {highest} MHz";
        return governor is "powersave" or "conservative"
            ? Finding.Warn(
                "clock governor", found,
                "for steady latency: echo performance | sudo tee "
                + "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor")
            : Finding.Pass("clock governor", found);
    }
}
