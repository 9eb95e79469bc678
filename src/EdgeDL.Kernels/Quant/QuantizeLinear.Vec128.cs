using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Quant;

public static unsafe partial class QuantizeLinear
{
    // Constant in an AOT binary: rows that it rules out are not compiled in.
    static bool RunsVec128 => Vector128.IsHardwareAccelerated;

    static Row<T, TSteps> Vec128<T, TSteps>()
        where T : unmanaged
        where TSteps : struct, ISteps
        => new(
            "Vec128",
            Vector128.IsHardwareAccelerated,
            &RunLanes<T, TSteps, Vector128<int>, Vector128<float>, Q8Lanes128>);
}
