using System.Runtime.Intrinsics;
using Avx2Isa = System.Runtime.Intrinsics.X86.Avx2;

namespace EdgeDL.Kernels.Elementwise;

public static unsafe partial class UnaryF32
{
    // Constant in an AOT binary: rows that it rules out are not compiled in.
    static bool RunsAvx2 => Avx2Isa.IsSupported;

    static Row<TFn> Avx2<TFn>()
        where TFn : struct, IUnary
        => new(
            "X86Avx2",
            Avx2Isa.IsSupported,
            &RunLanes<Vector256<float>, F32Lanes256, TFn>);
}
