using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    /// <summary>8×32: sixteen accumulators, and no more row pointers than registers.</summary>
    internal readonly struct X86Avx512 : IGemmF32
    {
        public static bool IsSupported => Avx512F.IsSupported;
        public static int Rows => 8;
        public static int Columns => 32;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Tile(in GemmTermsF32 terms)
        {
            Vector512<float> c00 = default, c01 = default;
            Vector512<float> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
            Vector512<float> c40 = c00, c41 = c01, c50 = c00, c51 = c01;
            Vector512<float> c60 = c00, c61 = c01, c70 = c00, c71 = c01;
            float* w = terms.Weights;
            byte** rows = terms.Rows;
            float* start = terms.Bias, partial = terms.Partial;
            nint depth = terms.Depth, startStride = 0;
            int left = IGemmF32.MaxTerms;
            float* a0 = (float*)rows[0], a1 = (float*)rows[1];
            float* a2 = (float*)rows[2], a3 = (float*)rows[3];
            float* a4 = (float*)rows[4], a5 = (float*)rows[5];
            float* a6 = (float*)rows[6], a7 = (float*)rows[7];
            nint* taps = terms.Taps;
            for (int t = 0; t < terms.TapCount; t++)
            {
                nint last = taps[t] / sizeof(float) + depth;
                for (nint k = last - depth, end; k < last;)
                {
                    end = Math.Min(last, k + left);
                    left -= (int)(end - k);
                    for (; k < end; k++, w += 32)
                    {
                        var w0 = Avx512F.LoadVector512(w);
                        var w1 = Avx512F.LoadVector512(w + 16);
                        var a = Vector512.Create(a0[k]);
                        c00 = Avx512F.FusedMultiplyAdd(a, w0, c00);
                        c01 = Avx512F.FusedMultiplyAdd(a, w1, c01);
                        a = Vector512.Create(a1[k]);
                        c10 = Avx512F.FusedMultiplyAdd(a, w0, c10);
                        c11 = Avx512F.FusedMultiplyAdd(a, w1, c11);
                        a = Vector512.Create(a2[k]);
                        c20 = Avx512F.FusedMultiplyAdd(a, w0, c20);
                        c21 = Avx512F.FusedMultiplyAdd(a, w1, c21);
                        a = Vector512.Create(a3[k]);
                        c30 = Avx512F.FusedMultiplyAdd(a, w0, c30);
                        c31 = Avx512F.FusedMultiplyAdd(a, w1, c31);
                        a = Vector512.Create(a4[k]);
                        c40 = Avx512F.FusedMultiplyAdd(a, w0, c40);
                        c41 = Avx512F.FusedMultiplyAdd(a, w1, c41);
                        a = Vector512.Create(a5[k]);
                        c50 = Avx512F.FusedMultiplyAdd(a, w0, c50);
                        c51 = Avx512F.FusedMultiplyAdd(a, w1, c51);
                        a = Vector512.Create(a6[k]);
                        c60 = Avx512F.FusedMultiplyAdd(a, w0, c60);
                        c61 = Avx512F.FusedMultiplyAdd(a, w1, c61);
                        a = Vector512.Create(a7[k]);
                        c70 = Avx512F.FusedMultiplyAdd(a, w0, c70);
                        c71 = Avx512F.FusedMultiplyAdd(a, w1, c71);
                    }
                    if (left == 0)
                    {
                        c00 = Move(start, partial, c00);
                        c01 = Move(start + 16, partial + 16, c01);
                        start += startStride;
                        c10 = Move(start, partial + 32, c10);
                        c11 = Move(start + 16, partial + 48, c11);
                        start += startStride;
                        c20 = Move(start, partial + 64, c20);
                        c21 = Move(start + 16, partial + 80, c21);
                        start += startStride;
                        c30 = Move(start, partial + 96, c30);
                        c31 = Move(start + 16, partial + 112, c31);
                        start += startStride;
                        c40 = Move(start, partial + 128, c40);
                        c41 = Move(start + 16, partial + 144, c41);
                        start += startStride;
                        c50 = Move(start, partial + 160, c50);
                        c51 = Move(start + 16, partial + 176, c51);
                        start += startStride;
                        c60 = Move(start, partial + 192, c60);
                        c61 = Move(start + 16, partial + 208, c61);
                        start += startStride;
                        c70 = Move(start, partial + 224, c70);
                        c71 = Move(start + 16, partial + 240, c71);
                        left = IGemmF32.MaxTerms;
                        start = partial;
                        startStride = 32;
                    }
                }
            }
            float* c = terms.Sums;
            nint stride = terms.Stride;
            int valid = terms.Valid;
            Vector512<float> low = Vector512.Create(terms.Min), high = Vector512.Create(terms.Max);
            Store(
                c, c00 + Avx512F.LoadVector512(start), c01 + Avx512F.LoadVector512(start + 16),
                    low, high);
            c += valid > 1 ? stride : 0;
            start += startStride;
            Store(
                c, c10 + Avx512F.LoadVector512(start), c11 + Avx512F.LoadVector512(start + 16),
                    low, high);
            c += valid > 2 ? stride : 0;
            start += startStride;
            Store(
                c, c20 + Avx512F.LoadVector512(start), c21 + Avx512F.LoadVector512(start + 16),
                    low, high);
            c += valid > 3 ? stride : 0;
            start += startStride;
            Store(
                c, c30 + Avx512F.LoadVector512(start), c31 + Avx512F.LoadVector512(start + 16),
                    low, high);
            c += valid > 4 ? stride : 0;
            start += startStride;
            Store(
                c, c40 + Avx512F.LoadVector512(start), c41 + Avx512F.LoadVector512(start + 16),
                    low, high);
            c += valid > 5 ? stride : 0;
            start += startStride;
            Store(
                c, c50 + Avx512F.LoadVector512(start), c51 + Avx512F.LoadVector512(start + 16),
                    low, high);
            c += valid > 6 ? stride : 0;
            start += startStride;
            Store(
                c, c60 + Avx512F.LoadVector512(start), c61 + Avx512F.LoadVector512(start + 16),
                    low, high);
            c += valid > 7 ? stride : 0;
            start += startStride;
            Store(
                c, c70 + Avx512F.LoadVector512(start), c71 + Avx512F.LoadVector512(start + 16),
                    low, high);
        }

        public static void Half(in GemmTermsF32 terms) => Tile(terms);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(in GemmTermsF32 terms)
        {
            Vector512<float> c0 = default, c1 = default;
            Vector512<float> s0 = Avx512F.LoadVector512(terms.Bias);
            Vector512<float> s1 = Avx512F.LoadVector512(terms.Bias + 16);
            int left = IGemmF32.MaxTerms;
            float* w = terms.Weights;
            nint depth = terms.Depth;
            float* row = (float*)terms.Rows[0];
            for (int t = 0; t < terms.TapCount; t++)
            {
                nint last = terms.Taps[t] / sizeof(float) + depth;
                for (nint k = last - depth, end; k < last;)
                {
                    end = Math.Min(last, k + left);
                    left -= (int)(end - k);
                    for (; k < end; k++, w += 32)
                    {
                        var a = Vector512.Create(row[k]);
                        c0 = Avx512F.FusedMultiplyAdd(a, Avx512F.LoadVector512(w), c0);
                        c1 = Avx512F.FusedMultiplyAdd(a, Avx512F.LoadVector512(w + 16), c1);
                    }
                    if (left == 0)
                    {
                        s0 += c0;
                        s1 += c1;
                        c0 = c1 = default;
                        left = IGemmF32.MaxTerms;
                    }
                }
            }
            Store(
                terms.Sums, s0 + c0, s1 + c1, Vector512.Create(terms.Min),
                Vector512.Create(terms.Max));
        }

        /// <summary>to = from + c, and a new sum starts at zero.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<float> Move(float* from, float* to, Vector512<float> c)
        {
            Avx512F.Store(to, Avx512F.LoadVector512(from) + c);
            return default;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(
            float* c, Vector512<float> c0, Vector512<float> c1,
            Vector512<float> low, Vector512<float> high)
        {
            Avx512F.Store(c, Avx512F.Min(high, Avx512F.Max(low, c0)));
            Avx512F.Store(c + 16, Avx512F.Min(high, Avx512F.Max(low, c1)));
        }
    }
}
