using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.Emit;

/// <summary>What emitted code may use. Of x64, the processor has it (CPUID) and the operating
/// system keeps its registers (XCR0): Intel SDM volume 1, section 15.2, "Detection of AVX-512
/// Foundation Instructions".</summary>
static unsafe partial class EmitCpu
{
    const int OsUsesXsave = 1 << 27;
    const int Avx512Foundation = 1 << 16;
    const int Avx512Vnni = 1 << 11;

    /// <summary>SSE, AVX, opmask, and both halves of the ZMM registers.</summary>
    const ulong ZmmState = 0b1110_0110;

    /// <summary>CPUID says so; XCR0 is still to be asked.</summary>
    public static bool HasVnni()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
        {
            return false;
        }
        var (_, ebx, ecx, _) = X86Base.CpuId(7, 0);
        return (X86Base.CpuId(1, 0).Ecx & OsUsesXsave) != 0
            && (ebx & Avx512Foundation) != 0 && (ecx & Avx512Vnni) != 0;
    }

    /// <summary>Writes ulong xcr0(), to be called only where <see cref="HasVnni"/>.</summary>
    public static void WriteXcr0(X64Assembler a)
    {
        a.Integer(X64Form.Xor32, X64Register.Rcx, X64Register.Rcx);
        a.GetExtendedControl();
        a.ShiftLeft(X64Register.Rdx, 32);
        a.Integer(X64Form.Or, X64Register.Rax, X64Register.Rdx);
        a.Return();
    }

    public static bool KeepsZmm(nint xcr0) =>
        (((delegate* unmanaged[SuppressGCTransition]<ulong>)xcr0)() & ZmmState) == ZmmState;
}
