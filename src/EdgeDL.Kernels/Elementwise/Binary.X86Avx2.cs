using System.Runtime.Intrinsics;
using Avx2Isa = System.Runtime.Intrinsics.X86.Avx2;

namespace EdgeDL.Kernels.Elementwise;

public static unsafe partial class Binary
{
    // Constant in an AOT binary: rows that it rules out are not compiled in.
    static bool RunsAvx2 => Avx2Isa.IsSupported;

    static Row<T, TFn> Avx2<T, TFn>()
        where T : unmanaged
        where TFn : struct, ILaneBinary<T>
        => new(
            "X86Avx2",
            Avx2Isa.IsSupported,
            &RunLanes<T, Vector256<T>, Lanes256<T>, TFn>);
}
