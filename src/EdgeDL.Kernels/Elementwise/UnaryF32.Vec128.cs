using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Elementwise;

public static unsafe partial class UnaryF32
{
    static Row<TFn> Vec128<TFn>()
        where TFn : struct, IUnary
        => new(
            "Vec128",
            Vector128.IsHardwareAccelerated,
            &RunLanes<Vector128<float>, F32Lanes128, TFn>);
}
