using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    /// <summary>8×8: sixteen accumulators, eight rows, two weights: 26 of 32.</summary>
    internal readonly struct ArmNeon : IGemmF32
    {
        public static bool IsSupported => AdvSimd.Arm64.IsSupported;
        public static int Rows => 8;
        public static int Columns => 8;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Tile(in GemmTermsF32 terms)
        {
            Vector128<float> c00 = default, c01 = default;
            Vector128<float> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
            Vector128<float> c40 = c00, c41 = c01, c50 = c00, c51 = c01;
            Vector128<float> c60 = c00, c61 = c01, c70 = c00, c71 = c01;
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
                    for (; k <= end - 4; k += 4)
                    {
                        Vector128<float> x0 = Vector128.Load(a0 + k), x1 = Vector128.Load(a1 + k);
                        Vector128<float> x2 = Vector128.Load(a2 + k), x3 = Vector128.Load(a3 + k);
                        Vector128<float> x4 = Vector128.Load(a4 + k), x5 = Vector128.Load(a5 + k);
                        Vector128<float> x6 = Vector128.Load(a6 + k), x7 = Vector128.Load(a7 + k);
                        Vector128<float> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 4);
                        Vector128<float> w2 = Vector128.Load(w + 8), w3 = Vector128.Load(w + 12);
                        c00 = Lane(c00, w0, x0, 0);
                        c01 = Lane(c01, w1, x0, 0);
                        c10 = Lane(c10, w0, x1, 0);
                        c11 = Lane(c11, w1, x1, 0);
                        c20 = Lane(c20, w0, x2, 0);
                        c21 = Lane(c21, w1, x2, 0);
                        c30 = Lane(c30, w0, x3, 0);
                        c31 = Lane(c31, w1, x3, 0);
                        c40 = Lane(c40, w0, x4, 0);
                        c41 = Lane(c41, w1, x4, 0);
                        c50 = Lane(c50, w0, x5, 0);
                        c51 = Lane(c51, w1, x5, 0);
                        c60 = Lane(c60, w0, x6, 0);
                        c61 = Lane(c61, w1, x6, 0);
                        c70 = Lane(c70, w0, x7, 0);
                        c71 = Lane(c71, w1, x7, 0);
                        c00 = Lane(c00, w2, x0, 1);
                        c01 = Lane(c01, w3, x0, 1);
                        c10 = Lane(c10, w2, x1, 1);
                        c11 = Lane(c11, w3, x1, 1);
                        c20 = Lane(c20, w2, x2, 1);
                        c21 = Lane(c21, w3, x2, 1);
                        c30 = Lane(c30, w2, x3, 1);
                        c31 = Lane(c31, w3, x3, 1);
                        c40 = Lane(c40, w2, x4, 1);
                        c41 = Lane(c41, w3, x4, 1);
                        c50 = Lane(c50, w2, x5, 1);
                        c51 = Lane(c51, w3, x5, 1);
                        c60 = Lane(c60, w2, x6, 1);
                        c61 = Lane(c61, w3, x6, 1);
                        c70 = Lane(c70, w2, x7, 1);
                        c71 = Lane(c71, w3, x7, 1);
                        w0 = Vector128.Load(w + 16);
                        w1 = Vector128.Load(w + 20);
                        w2 = Vector128.Load(w + 24);
                        w3 = Vector128.Load(w + 28);
                        c00 = Lane(c00, w0, x0, 2);
                        c01 = Lane(c01, w1, x0, 2);
                        c10 = Lane(c10, w0, x1, 2);
                        c11 = Lane(c11, w1, x1, 2);
                        c20 = Lane(c20, w0, x2, 2);
                        c21 = Lane(c21, w1, x2, 2);
                        c30 = Lane(c30, w0, x3, 2);
                        c31 = Lane(c31, w1, x3, 2);
                        c40 = Lane(c40, w0, x4, 2);
                        c41 = Lane(c41, w1, x4, 2);
                        c50 = Lane(c50, w0, x5, 2);
                        c51 = Lane(c51, w1, x5, 2);
                        c60 = Lane(c60, w0, x6, 2);
                        c61 = Lane(c61, w1, x6, 2);
                        c70 = Lane(c70, w0, x7, 2);
                        c71 = Lane(c71, w1, x7, 2);
                        c00 = Lane(c00, w2, x0, 3);
                        c01 = Lane(c01, w3, x0, 3);
                        c10 = Lane(c10, w2, x1, 3);
                        c11 = Lane(c11, w3, x1, 3);
                        c20 = Lane(c20, w2, x2, 3);
                        c21 = Lane(c21, w3, x2, 3);
                        c30 = Lane(c30, w2, x3, 3);
                        c31 = Lane(c31, w3, x3, 3);
                        c40 = Lane(c40, w2, x4, 3);
                        c41 = Lane(c41, w3, x4, 3);
                        c50 = Lane(c50, w2, x5, 3);
                        c51 = Lane(c51, w3, x5, 3);
                        c60 = Lane(c60, w2, x6, 3);
                        c61 = Lane(c61, w3, x6, 3);
                        c70 = Lane(c70, w2, x7, 3);
                        c71 = Lane(c71, w3, x7, 3);
                        w += 32;
                    }
                    for (; k < end; k++, w += 8)
                    {
                        Vector128<float> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 4);
                        var a = Vector128.Create(a0[k]);
                        c00 = AdvSimd.FusedMultiplyAdd(c00, w0, a);
                        c01 = AdvSimd.FusedMultiplyAdd(c01, w1, a);
                        a = Vector128.Create(a1[k]);
                        c10 = AdvSimd.FusedMultiplyAdd(c10, w0, a);
                        c11 = AdvSimd.FusedMultiplyAdd(c11, w1, a);
                        a = Vector128.Create(a2[k]);
                        c20 = AdvSimd.FusedMultiplyAdd(c20, w0, a);
                        c21 = AdvSimd.FusedMultiplyAdd(c21, w1, a);
                        a = Vector128.Create(a3[k]);
                        c30 = AdvSimd.FusedMultiplyAdd(c30, w0, a);
                        c31 = AdvSimd.FusedMultiplyAdd(c31, w1, a);
                        a = Vector128.Create(a4[k]);
                        c40 = AdvSimd.FusedMultiplyAdd(c40, w0, a);
                        c41 = AdvSimd.FusedMultiplyAdd(c41, w1, a);
                        a = Vector128.Create(a5[k]);
                        c50 = AdvSimd.FusedMultiplyAdd(c50, w0, a);
                        c51 = AdvSimd.FusedMultiplyAdd(c51, w1, a);
                        a = Vector128.Create(a6[k]);
                        c60 = AdvSimd.FusedMultiplyAdd(c60, w0, a);
                        c61 = AdvSimd.FusedMultiplyAdd(c61, w1, a);
                        a = Vector128.Create(a7[k]);
                        c70 = AdvSimd.FusedMultiplyAdd(c70, w0, a);
                        c71 = AdvSimd.FusedMultiplyAdd(c71, w1, a);
                    }
                    if (left == 0)
                    {
                        c00 = Move(start, partial, c00);
                        c01 = Move(start + 4, partial + 4, c01);
                        start += startStride;
                        c10 = Move(start, partial + 8, c10);
                        c11 = Move(start + 4, partial + 12, c11);
                        start += startStride;
                        c20 = Move(start, partial + 16, c20);
                        c21 = Move(start + 4, partial + 20, c21);
                        start += startStride;
                        c30 = Move(start, partial + 24, c30);
                        c31 = Move(start + 4, partial + 28, c31);
                        start += startStride;
                        c40 = Move(start, partial + 32, c40);
                        c41 = Move(start + 4, partial + 36, c41);
                        start += startStride;
                        c50 = Move(start, partial + 40, c50);
                        c51 = Move(start + 4, partial + 44, c51);
                        start += startStride;
                        c60 = Move(start, partial + 48, c60);
                        c61 = Move(start + 4, partial + 52, c61);
                        start += startStride;
                        c70 = Move(start, partial + 56, c70);
                        c71 = Move(start + 4, partial + 60, c71);
                        left = IGemmF32.MaxTerms;
                        start = partial;
                        startStride = 8;
                    }
                }
            }
            float* c = terms.Sums;
            nint stride = terms.Stride;
            int valid = terms.Valid;
            Vector128<float> low = Vector128.Create(terms.Min), high = Vector128.Create(terms.Max);
            Store(
                c, c00 + Vector128.Load(start), c01 + Vector128.Load(start + 4), low, high);
            c += valid > 1 ? stride : 0;
            start += startStride;
            Store(
                c, c10 + Vector128.Load(start), c11 + Vector128.Load(start + 4), low, high);
            c += valid > 2 ? stride : 0;
            start += startStride;
            Store(
                c, c20 + Vector128.Load(start), c21 + Vector128.Load(start + 4), low, high);
            c += valid > 3 ? stride : 0;
            start += startStride;
            Store(
                c, c30 + Vector128.Load(start), c31 + Vector128.Load(start + 4), low, high);
            c += valid > 4 ? stride : 0;
            start += startStride;
            Store(
                c, c40 + Vector128.Load(start), c41 + Vector128.Load(start + 4), low, high);
            c += valid > 5 ? stride : 0;
            start += startStride;
            Store(
                c, c50 + Vector128.Load(start), c51 + Vector128.Load(start + 4), low, high);
            c += valid > 6 ? stride : 0;
            start += startStride;
            Store(
                c, c60 + Vector128.Load(start), c61 + Vector128.Load(start + 4), low, high);
            c += valid > 7 ? stride : 0;
            start += startStride;
            Store(
                c, c70 + Vector128.Load(start), c71 + Vector128.Load(start + 4), low, high);
        }

        public static void Half(in GemmTermsF32 terms) => Tile(terms);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(in GemmTermsF32 terms)
        {
            Vector128<float> c0 = default, c1 = default;
            Vector128<float> s0 = Vector128.Load(terms.Bias);
            Vector128<float> s1 = Vector128.Load(terms.Bias + 4);
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
                    for (; k < end; k++, w += 8)
                    {
                        var a = Vector128.Create(row[k]);
                        c0 = AdvSimd.FusedMultiplyAdd(c0, Vector128.Load(w), a);
                        c1 = AdvSimd.FusedMultiplyAdd(c1, Vector128.Load(w + 4), a);
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
                terms.Sums, s0 + c0, s1 + c1, Vector128.Create(terms.Min),
                Vector128.Create(terms.Max));
        }

        public static bool HasPairOfLines => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void PairOfLines(in GemmTermsF32 terms, nint nextPanel)
        {
            Vector128<float> c0 = default, c1 = default, c2 = default, c3 = default;
            float* bias = terms.Bias, next = bias + nextPanel;
            Vector128<float> s0 = Vector128.Load(bias), s1 = Vector128.Load(bias + 4);
            Vector128<float> s2 = Vector128.Load(next), s3 = Vector128.Load(next + 4);
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
                    for (; k < end; k++, w += 8)
                    {
                        var a = Vector128.Create(row[k]);
                        c0 = AdvSimd.FusedMultiplyAdd(c0, Vector128.Load(w), a);
                        c1 = AdvSimd.FusedMultiplyAdd(c1, Vector128.Load(w + 4), a);
                        float* v = w + nextPanel;
                        c2 = AdvSimd.FusedMultiplyAdd(c2, Vector128.Load(v), a);
                        c3 = AdvSimd.FusedMultiplyAdd(c3, Vector128.Load(v + 4), a);
                    }
                    if (left == 0)
                    {
                        s0 += c0;
                        s1 += c1;
                        s2 += c2;
                        s3 += c3;
                        c0 = c1 = c2 = c3 = default;
                        left = IGemmF32.MaxTerms;
                    }
                }
            }
            var low = Vector128.Create(terms.Min);
            var high = Vector128.Create(terms.Max);
            Store(terms.Sums, s0 + c0, s1 + c1, low, high);
            Store(terms.Sums + 8, s2 + c2, s3 + c3, low, high);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> Lane(
            Vector128<float> c, Vector128<float> w, Vector128<float> x,
            [ConstantExpected(Max = (byte)3)] byte lane) =>
            AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c, w, x, lane);

        /// <summary>to = from + c, and a new sum starts at zero.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> Move(float* from, float* to, Vector128<float> c)
        {
            (Vector128.Load(from) + c).Store(to);
            return default;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(
            float* c, Vector128<float> c0, Vector128<float> c1,
            Vector128<float> low, Vector128<float> high)
        {
            AdvSimd.Min(AdvSimd.Max(c0, low), high).Store(c);
            AdvSimd.Min(AdvSimd.Max(c1, low), high).Store(c + 4);
        }
    }
}
