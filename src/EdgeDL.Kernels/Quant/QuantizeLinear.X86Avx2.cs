using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Elementwise;
using Avx2Isa = System.Runtime.Intrinsics.X86.Avx2;

namespace EdgeDL.Kernels.Quant;

public static unsafe partial class QuantizeLinear
{
    // Constant in an AOT binary: rows that it rules out are not compiled in.
    static bool RunsAvx2 => Avx2Isa.IsSupported;

    static Row<T, TSteps> Avx2<T, TSteps>()
        where T : unmanaged
        where TSteps : struct, ISteps
        => new(
            "X86Avx2",
            Avx2Isa.IsSupported,
            &RunLanes<T, TSteps, Vector256<int>, Vector256<float>, Q8Lanes256>);
}
