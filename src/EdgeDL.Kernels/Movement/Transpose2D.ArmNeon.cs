using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeDL.Kernels.Movement;

public static unsafe partial class Transpose2D
{
    internal readonly struct ArmNeon : IZip
    {
        public static bool IsSupported => AdvSimd.Arm64.IsSupported;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Low(Vector128<byte> a, Vector128<byte> b, int laneBytes) =>
            laneBytes switch
            {
                1 => AdvSimd.Arm64.ZipLow(a, b),
                2 => AdvSimd.Arm64.ZipLow(a.AsUInt16(), b.AsUInt16()).AsByte(),
                4 => AdvSimd.Arm64.ZipLow(a.AsUInt32(), b.AsUInt32()).AsByte(),
                _ => AdvSimd.Arm64.ZipLow(a.AsUInt64(), b.AsUInt64()).AsByte(),
            };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> High(Vector128<byte> a, Vector128<byte> b, int laneBytes) =>
            laneBytes switch
            {
                1 => AdvSimd.Arm64.ZipHigh(a, b),
                2 => AdvSimd.Arm64.ZipHigh(a.AsUInt16(), b.AsUInt16()).AsByte(),
                4 => AdvSimd.Arm64.ZipHigh(a.AsUInt32(), b.AsUInt32()).AsByte(),
                _ => AdvSimd.Arm64.ZipHigh(a.AsUInt64(), b.AsUInt64()).AsByte(),
            };
    }
}
