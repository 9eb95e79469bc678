using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Elementwise;

public static unsafe partial class Q8Binary
{
    // Constant in an AOT binary: rows that it rules out are not compiled in.
    static bool RunsVec128 => Vector128.IsHardwareAccelerated;

    static Row<T, TFn> Vec128<T, TFn>()
        where T : unmanaged
        where TFn : struct, IQ8Binary
        => new(
            "Vec128",
            Vector128.IsHardwareAccelerated,
            &RunLanes<T, Vector128<int>, Vector128<float>, Q8Lanes128, TFn>);
}
