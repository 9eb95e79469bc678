using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Elementwise;
using Avx2Isa = System.Runtime.Intrinsics.X86.Avx2;

namespace EdgeDL.Kernels.Quant;

public static unsafe partial class DequantizeLinear
{
    // Constant in an AOT binary: rows that it rules out are not compiled in.
    static bool RunsAvx2 => Avx2Isa.IsSupported;

    static Row<T> Avx2<T>()
        where T : unmanaged
        => new(
            "X86Avx2",
            Avx2Isa.IsSupported,
            &RunLanes<T, Vector256<int>, Vector256<float>, Q8Lanes256>);
}
