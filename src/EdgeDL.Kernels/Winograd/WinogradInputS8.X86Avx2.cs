using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.Winograd;

static unsafe partial class WinogradInputS8
{
    /// <summary>Sixteen of them.</summary>
    internal readonly struct Load256(Vector128<byte> flips)
        : IFlippedLoad<Load256, Vector256<short>>
    {
        public static Load256 Of(byte flip) => new(Vector128.Create(flip));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<short> Load(byte* at) =>
            Avx2.ConvertToVector256Int16((Vector128.Load(at) ^ flips).AsSByte());
    }
}
