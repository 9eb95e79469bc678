using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Quant;

public static unsafe partial class QuantizeLinear
{
    static Row<T> Vec128<T>()
        where T : unmanaged
        => new(
            "Vec128",
            Vector128.IsHardwareAccelerated,
            &RunLanes<T, Vector128<int>, Vector128<float>, Q8Lanes128>);
}
