using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Elementwise;

public static unsafe partial class UnaryF32
{
    // Constant in an AOT binary: rows that it rules out are not compiled in.
    static bool RunsVec128 => Vector128.IsHardwareAccelerated;

    static Row<TFn> Vec128<TFn>()
        where TFn : struct, IUnary
        => new(
            "Vec128",
            Vector128.IsHardwareAccelerated,
            &RunLanes<Vector128<float>, F32Lanes128, TFn>);
}
