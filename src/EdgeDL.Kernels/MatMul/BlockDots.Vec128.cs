using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.MatMul;

public static unsafe partial class BlockDots
{
    internal static class Vec128
    {
        const int Lanes = 16;

        public static bool IsSupported => Vector128.IsHardwareAccelerated;

        public static float Floats(float* x, in Weights w)
        {
            // A block's sums stay in their lanes: one sum across them a row, not a block.
            Vector128<float> total = Vector128<float>.Zero;
            float rest = 0;
            for (int b = 0, first = 0; first < w.Depth; first += w.Block, b++)
            {
                byte* nibbles = w.Nibbles + (first / 2);
                float* values = x + first;
                int count = w.Count(b);
                Vector128<float> s = Vector128<float>.Zero;
                Vector128<float> t = Vector128<float>.Zero;
                int k = 0;
                for (; k <= count - Lanes; k += Lanes)
                {
                    (Vector128<short> low, Vector128<short> high) =
                        Vector128.Widen(Unpack(nibbles + (k / 2), w.Zeros[b]));
                    s += Vector128.Load(values + k) * Low(low);
                    t += Vector128.Load(values + k + 4) * High(low);
                    s += Vector128.Load(values + k + 8) * Low(high);
                    t += Vector128.Load(values + k + 12) * High(high);
                }

                total += (s + t) * w.Scales[b];
                rest += w.Scales[b] * Scalar.Block(values, nibbles, count, k, w.Zeros[b]);
            }

            return Vector128.Sum(total) + rest;
        }

        public static int Bytes(sbyte* x, byte* nibbles, int count, int zero)
        {
            Vector128<int> sums = Vector128<int>.Zero;
            int k = 0;
            for (; k <= count - Lanes; k += Lanes)
            {
                (Vector128<short> wl, Vector128<short> wh) =
                    Vector128.Widen(Unpack(nibbles + (k / 2), zero));
                (Vector128<short> xl, Vector128<short> xh) =
                    Vector128.Widen(Vector128.Load(x + k));
                // |product| ≤ 127 · 15, so that the sum of two fits int16.
                (Vector128<int> p, Vector128<int> q) = Vector128.Widen((wl * xl) + (wh * xh));
                sums += p + q;
            }

            return Vector128.Sum(sums) + Scalar.Block(x, nibbles, count, k, zero);
        }

        /// <summary>16 weights less their zero point, −15 to 15.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<sbyte> Unpack(byte* nibbles, int zero)
        {
            // A byte's nibbles become the two bytes of an int16.
            Vector128<ushort> pairs = Vector128.WidenLower(
                Vector128.CreateScalarUnsafe(*(ulong*)nibbles).AsByte());
            Vector128<sbyte> q = ((pairs & Vector128.Create((ushort)0x000F))
                | ((pairs & Vector128.Create((ushort)0x00F0)) << 4)).AsSByte();
            return (q ^ Vector128.Create((sbyte)8)) - Vector128.Create((sbyte)(8 + zero));
        }

        static Vector128<float> Low(Vector128<short> v) =>
            Vector128.ConvertToSingle(Vector128.WidenLower(v));

        static Vector128<float> High(Vector128<short> v) =>
            Vector128.ConvertToSingle(Vector128.WidenUpper(v));
    }
}
