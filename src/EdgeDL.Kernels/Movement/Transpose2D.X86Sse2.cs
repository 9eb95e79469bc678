using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.Movement;

public static unsafe partial class Transpose2D
{
    internal readonly struct X86Sse2 : IZip
    {
        public static bool IsSupported => Sse2.IsSupported;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Low(Vector128<byte> a, Vector128<byte> b, int laneBytes) =>
            laneBytes switch
            {
                1 => Sse2.UnpackLow(a, b),
                2 => Sse2.UnpackLow(a.AsUInt16(), b.AsUInt16()).AsByte(),
                4 => Sse2.UnpackLow(a.AsUInt32(), b.AsUInt32()).AsByte(),
                _ => Sse2.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsByte(),
            };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> High(Vector128<byte> a, Vector128<byte> b, int laneBytes) =>
            laneBytes switch
            {
                1 => Sse2.UnpackHigh(a, b),
                2 => Sse2.UnpackHigh(a.AsUInt16(), b.AsUInt16()).AsByte(),
                4 => Sse2.UnpackHigh(a.AsUInt32(), b.AsUInt32()).AsByte(),
                _ => Sse2.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsByte(),
            };
    }
}
