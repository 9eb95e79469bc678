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

        public static void Rows(
            int* acc, int columns, int rows, float* scale, int width, Range range, byte* y,
            nint stride)
        {
            if (columns != 16 || width is not (16 or 8))
            {
                RowByRow<X86Avx2>(acc, columns, rows, scale, width, range, y, stride);
                return;
            }

            var high = Vector256.Create((float)(range.Max - range.Zero));
            var low = Vector256.Create((short)range.Min);
            var zero = Vector256.Create((short)range.Zero);
            var byteMask = Vector256.Create((short)0xFF);
            var order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
            Vector256<float> s0 = Avx.LoadVector256(scale);
            Vector256<float> s1 = Avx.LoadVector256(scale + width - 8);
            for (int r = 0; r < rows; r += 2, acc += 32)
            {
                // An odd last row goes twice: its second copy is never stored.
                int* next = r + 1 < rows ? acc + 16 : acc;
                // The low bytes, whether they are of int8 or of uint8 values.
                var a = Sixteen(acc, width == 16 ? acc + 8 : next, s0, s1, high, zero, low)
                    & byteMask;
                var b = width == 16
                    ? Sixteen(next, next + 8, s0, s1, high, zero, low) & byteMask
                    : a;
                var bytes = Avx2.PermuteVar8x32(
                    Avx2.PackUnsignedSaturate(a, b).AsInt32(), order).AsByte();
                var first = bytes.GetLower();
                if (width == 16)
                {
                    first.Store(y);
                    y += stride;
                    if (r + 1 < rows)
                    {
                        bytes.GetUpper().Store(y);
                        y += stride;
                    }
                }
                else
                {
                    *(ulong*)y = first.AsUInt64().ToScalar();
                    y += stride;
                    if (r + 1 < rows)
                    {
                        *(ulong*)y = first.AsUInt64().GetElement(1);
                        y += stride;
                    }
                }
            }
        }

        // Words of two times eight: 0–3 and 8–11 in the low lane, 4–7 and 12–15 in the high one.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<short> Sixteen(
            int* first, int* second, Vector256<float> s0, Vector256<float> s1,
            Vector256<float> high, Vector256<short> zero, Vector256<short> low)
        {
            // Beyond int32 on the negative side cvtps2dq gives the least int32, which is as good;
            // on the positive side it would too, so the upper bound comes first.
            var a = Avx.ConvertToVector256Int32(Avx.Min(
                Avx.Multiply(Avx.ConvertToVector256Single(Avx.LoadVector256(first)), s0), high));
            var b = Avx.ConvertToVector256Int32(Avx.Min(
                Avx.Multiply(Avx.ConvertToVector256Single(Avx.LoadVector256(second)), s1), high));
            return Avx2.Max(low, Avx2.AddSaturate(Avx2.PackSignedSaturate(a, b), zero));
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
