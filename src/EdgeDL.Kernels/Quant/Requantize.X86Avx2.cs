using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.Quant;

public static unsafe partial class Requantize
{
    internal readonly struct X86Avx2 : IIsa
    {
        public static bool IsSupported => Avx2.IsSupported;

        public static void Run(int* acc, float* scale, int count, Range range, byte* y)
        {
            var low = Vector256.Create((float)(range.Min - range.Zero));
            var high = Vector256.Create((float)(range.Max - range.Zero));
            var zero = Vector256.Create(range.Zero);
            // Bytes 0, 4, 8, 12 of each lane: the low byte of each int32.
            var pick = Vector256.Create(
                0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, (sbyte)-1).AsByte();
            int i = 0;
            for (; i <= count - 16; i += 16)
            {
                var a = Eight(acc + i, scale + i, low, high, zero);
                var b = Eight(acc + i + 8, scale + i + 8, low, high, zero);
                // In range, so the saturating packs are plain narrowing; per 128-bit lane.
                var words = Avx2.Permute4x64(Avx2.PackSignedSaturate(a, b).AsInt64(), 0b11_01_10_00)
                    .AsInt16();
                var bytes = Vector128.Narrow(words.GetLower(), words.GetUpper());
                bytes.AsByte().Store(y + i);
            }
            for (; i <= count - 8; i += 8)
            {
                var a = Avx2.Shuffle(Eight(acc + i, scale + i, low, high, zero).AsByte(), pick);
                *(uint*)(y + i) = a.AsUInt32().GetElement(0);
                *(uint*)(y + i + 4) = a.AsUInt32().GetElement(4);
            }
            Scalar.Run(acc + i, scale + i, count - i, range, y + i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<int> Eight(
            int* acc, float* scale, Vector256<float> low, Vector256<float> high,
            Vector256<int> zero)
        {
            var value = Avx.Multiply(
                Avx.ConvertToVector256Single(Avx.LoadVector256(acc)), Avx.LoadVector256(scale));
            value = Avx.Min(Avx.Max(value, low), high);
            // cvtps2dq rounds to nearest even under the default MXCSR, which .NET never changes.
            return Avx2.Add(Avx.ConvertToVector256Int32(value), zero);
        }
    }
}
