using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Bench.Peak;

/// <summary>Steps of a loop over operands that lie in level 1.</summary>
unsafe delegate void PeakWork(byte* a, byte* w, int steps);

/// <summary>One instruction's loop and what it does in a step.</summary>
/// <param name="Name">The instruction.</param>
/// <param name="IsSupported">True if this processor and build have it.</param>
/// <param name="Operations">Of a step, two a multiply-accumulate.</param>
/// <param name="StepBytes">What a step reads of the second operand.</param>
/// <param name="Work">The loop.</param>
sealed unsafe record PeakLoop(
    string Name, bool IsSupported, int Operations, int StepBytes, PeakWork Work)
{
    const int Accumulators = 12;

    public static PeakLoop[] Float32() =>
    [
        new("vfmadd231ps", Fma.IsSupported, Accumulators * 16, PeakLoopsX86.StepBytes,
            static (a, w, steps) => PeakLoopsX86.Fma((float*)a, (float*)w, steps)),
        new("fmla", AdvSimd.IsSupported, Accumulators * 8, PeakLoopsArm.StepBytes,
            static (a, w, steps) => PeakLoopsArm.Fma((float*)a, (float*)w, steps)),
    ];

    public static PeakLoop[] Int8() =>
    [
        new("vpdpbusd", AvxVnni.IsSupported, Accumulators * 64, PeakLoopsX86.StepBytes,
            PeakLoopsX86.DotBytes),
        new("vpmaddubsw + vpmaddwd + vpaddd", Avx2.IsSupported, Accumulators * 64,
            PeakLoopsX86.StepBytes, PeakLoopsX86.MultiplyAddBytes),
        new("vpmaddwd + vpaddd", Avx2.IsSupported, Accumulators * 32, PeakLoopsX86.StepBytes,
            PeakLoopsX86.MultiplyAddWords),
        new("sdot", Dp.IsSupported, Accumulators * 32, PeakLoopsArm.StepBytes,
            PeakLoopsArm.DotBytes),
        new("smlal", AdvSimd.IsSupported, Accumulators * 8, PeakLoopsArm.StepBytes,
            PeakLoopsArm.MultiplyAddWords),
    ];
}
