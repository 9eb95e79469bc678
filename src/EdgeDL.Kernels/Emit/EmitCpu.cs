using System.Runtime.InteropServices;

namespace EdgeDL.Kernels.Emit;

static partial class EmitCpu
{
    // AT_HWCAP2 and HWCAP2_I8MM of Linux's uapi/linux/auxvec.h and asm/hwcap.h.
    const nuint HardwareCapabilities2 = 26;
    const int Int8Matrix = 13;

    /// <summary>SMMLA, as Linux says.</summary>
    public static bool HasInt8Matrix() =>
        OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        && (AuxiliaryValue(HardwareCapabilities2) >> Int8Matrix & 1) != 0;

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial nuint AuxiliaryValue(nuint type);
}
