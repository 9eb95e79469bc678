using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.MatMul;

public static unsafe partial class BlockDots
{
    internal static class X86Avx2
    {
        const int Lanes = 32;

        public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

        public static float Floats(float* x, in Weights w)
        {
            Vector256<float> total = Vector256<float>.Zero;
            float rest = 0;
            for (int b = 0, first = 0; first < w.Depth; first += w.Block, b++)
            {
                byte* nibbles = w.Nibbles + (first / 2);
                float* values = x + first;
                int count = w.Count(b);
                int zero = w.Zeros[b];
                Vector256<float> s = Vector256<float>.Zero;
                Vector256<float> t = Vector256<float>.Zero;
                int k = 0;
                for (; k <= count - 16; k += 16)
                {
                    Vector128<sbyte> q = Vec128.Unpack(nibbles + (k / 2), zero);
                    s = Fma.MultiplyAdd(Vector256.Load(values + k), Floats(q), s);
                    t = Fma.MultiplyAdd(Vector256.Load(values + k + 8),
                        Floats(Sse2.ShiftRightLogical128BitLane(q, 8)), t);
                }

                total = Fma.MultiplyAdd(s + t, Vector256.Create(w.Scales[b]), total);
                rest += w.Scales[b] * Scalar.Block(values, nibbles, count, k, zero);
            }

            return Vector256.Sum(total) + rest;
        }

        public static int Bytes(sbyte* x, byte* nibbles, int count, int zero)
        {
            Vector256<int> sums = Vector256<int>.Zero;
            int k = 0;
            for (; k <= count - Lanes; k += Lanes)
            {
                Vector256<sbyte> q = Unpack(nibbles + (k / 2), zero);
                Vector256<sbyte> v = Vector256.Load(x + k);
                // |q| ≤ 15 as the unsigned operand, its sign given to x, which is never −128: two
                // products sum to at most 2 · 15 · 127 and never saturate.
                Vector256<short> pairs = Avx2.MultiplyAddAdjacent(Avx2.Abs(q), Avx2.Sign(v, q));
                sums += Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One);
            }

            int sum = Vector256.Sum(sums);
            return k < count
                ? sum + Vec128.Bytes(x + k, nibbles + (k / 2), count - k, zero)
                : sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<sbyte> Unpack(byte* nibbles, int zero)
        {
            Vector256<ushort> pairs = Avx2.ConvertToVector256Int16(nibbles).AsUInt16();
            Vector256<sbyte> q = ((pairs & Vector256.Create((ushort)0x000F))
                | ((pairs & Vector256.Create((ushort)0x00F0)) << 4)).AsSByte();
            return (q ^ Vector256.Create((sbyte)8)) - Vector256.Create((sbyte)(8 + zero));
        }

        static Vector256<float> Floats(Vector128<sbyte> q) =>
            Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(q));
    }
}
