using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    /// <summary>6×16: twelve accumulators cover two FMA pipes of latency four or five.</summary>
    internal readonly struct X86Avx2 : IGemmF32
    {
        public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;
        public static int Rows => 6;
        public static int Columns => 16;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Tile(in GemmTermsF32 terms)
        {
            Vector256<float> c00 = default, c01 = default;
            Vector256<float> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
            Vector256<float> c40 = c00, c41 = c01, c50 = c00, c51 = c01;
            float* w = terms.Weights;
            byte** rows = terms.Rows;
            float* start = terms.Bias, partial = terms.Partial;
            nint depth = terms.Depth, startStride = 0;
            int left = IGemmF32.MaxTerms;
            float* a0 = (float*)rows[0], a1 = (float*)rows[1];
            float* a2 = (float*)rows[2], a3 = (float*)rows[3];
            float* a4 = (float*)rows[4], a5 = (float*)rows[5];
            nint* taps = terms.Taps;
            for (int t = 0; t < terms.TapCount; t++)
            {
                nint last = taps[t] / sizeof(float) + depth;
                for (nint k = last - depth, end; k < last;)
                {
                    end = Math.Min(last, k + left);
                    left -= (int)(end - k);
                    for (; k < end; k++, w += 16)
                    {
                        Vector256<float> w0 = Avx.LoadVector256(w), w1 = Avx.LoadVector256(w + 8);
                        var a = Avx.BroadcastScalarToVector256(a0 + k);
                        c00 = Fma.MultiplyAdd(a, w0, c00);
                        c01 = Fma.MultiplyAdd(a, w1, c01);
                        a = Avx.BroadcastScalarToVector256(a1 + k);
                        c10 = Fma.MultiplyAdd(a, w0, c10);
                        c11 = Fma.MultiplyAdd(a, w1, c11);
                        a = Avx.BroadcastScalarToVector256(a2 + k);
                        c20 = Fma.MultiplyAdd(a, w0, c20);
                        c21 = Fma.MultiplyAdd(a, w1, c21);
                        a = Avx.BroadcastScalarToVector256(a3 + k);
                        c30 = Fma.MultiplyAdd(a, w0, c30);
                        c31 = Fma.MultiplyAdd(a, w1, c31);
                        a = Avx.BroadcastScalarToVector256(a4 + k);
                        c40 = Fma.MultiplyAdd(a, w0, c40);
                        c41 = Fma.MultiplyAdd(a, w1, c41);
                        a = Avx.BroadcastScalarToVector256(a5 + k);
                        c50 = Fma.MultiplyAdd(a, w0, c50);
                        c51 = Fma.MultiplyAdd(a, w1, c51);
                    }
                    if (left == 0)
                    {
                        c00 = Move(start, partial, c00);
                        c01 = Move(start + 8, partial + 8, c01);
                        start += startStride;
                        c10 = Move(start, partial + 16, c10);
                        c11 = Move(start + 8, partial + 24, c11);
                        start += startStride;
                        c20 = Move(start, partial + 32, c20);
                        c21 = Move(start + 8, partial + 40, c21);
                        start += startStride;
                        c30 = Move(start, partial + 48, c30);
                        c31 = Move(start + 8, partial + 56, c31);
                        start += startStride;
                        c40 = Move(start, partial + 64, c40);
                        c41 = Move(start + 8, partial + 72, c41);
                        start += startStride;
                        c50 = Move(start, partial + 80, c50);
                        c51 = Move(start + 8, partial + 88, c51);
                        left = IGemmF32.MaxTerms;
                        start = partial;
                        startStride = 16;
                    }
                }
            }
            float* c = terms.Sums;
            nint stride = terms.Stride;
            int valid = terms.Valid;
            Vector256<float> low = Vector256.Create(terms.Min), high = Vector256.Create(terms.Max);
            Store(
                c, c00 + Avx.LoadVector256(start), c01 + Avx.LoadVector256(start + 8), low, high);
            c += valid > 1 ? stride : 0;
            start += startStride;
            Store(
                c, c10 + Avx.LoadVector256(start), c11 + Avx.LoadVector256(start + 8), low, high);
            c += valid > 2 ? stride : 0;
            start += startStride;
            Store(
                c, c20 + Avx.LoadVector256(start), c21 + Avx.LoadVector256(start + 8), low, high);
            c += valid > 3 ? stride : 0;
            start += startStride;
            Store(
                c, c30 + Avx.LoadVector256(start), c31 + Avx.LoadVector256(start + 8), low, high);
            c += valid > 4 ? stride : 0;
            start += startStride;
            Store(
                c, c40 + Avx.LoadVector256(start), c41 + Avx.LoadVector256(start + 8), low, high);
            c += valid > 5 ? stride : 0;
            start += startStride;
            Store(
                c, c50 + Avx.LoadVector256(start), c51 + Avx.LoadVector256(start + 8), low, high);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Half(in GemmTermsF32 terms)
        {
            Vector256<float> c0 = default, c1 = default, c2 = default;
            Vector256<float> c3 = default, c4 = default, c5 = default;
            var bias = Avx.LoadVector256(terms.Bias);
            Vector256<float> s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias;
            byte** rows = terms.Rows;
            float* a0 = (float*)rows[0], a1 = (float*)rows[1];
            float* a2 = (float*)rows[2], a3 = (float*)rows[3];
            float* a4 = (float*)rows[4], a5 = (float*)rows[5];
            float* w = terms.Weights;
            nint depth = terms.Depth;
            int left = IGemmF32.MaxTerms;
            for (int t = 0; t < terms.TapCount; t++)
            {
                nint last = terms.Taps[t] / sizeof(float) + depth;
                for (nint k = last - depth, end; k < last;)
                {
                    end = Math.Min(last, k + left);
                    left -= (int)(end - k);
                    for (; k < end; k++, w += 16)
                    {
                        var b = Avx.LoadVector256(w);
                        c0 = Fma.MultiplyAdd(Avx.BroadcastScalarToVector256(a0 + k), b, c0);
                        c1 = Fma.MultiplyAdd(Avx.BroadcastScalarToVector256(a1 + k), b, c1);
                        c2 = Fma.MultiplyAdd(Avx.BroadcastScalarToVector256(a2 + k), b, c2);
                        c3 = Fma.MultiplyAdd(Avx.BroadcastScalarToVector256(a3 + k), b, c3);
                        c4 = Fma.MultiplyAdd(Avx.BroadcastScalarToVector256(a4 + k), b, c4);
                        c5 = Fma.MultiplyAdd(Avx.BroadcastScalarToVector256(a5 + k), b, c5);
                    }
                    if (left == 0)
                    {
                        s0 += c0;
                        s1 += c1;
                        s2 += c2;
                        s3 += c3;
                        s4 += c4;
                        s5 += c5;
                        c0 = c1 = c2 = c3 = c4 = c5 = default;
                        left = IGemmF32.MaxTerms;
                    }
                }
            }
            float* c = terms.Sums;
            nint stride = terms.Stride;
            int valid = terms.Valid;
            Vector256<float> low = Vector256.Create(terms.Min), high = Vector256.Create(terms.Max);
            Avx.Store(c, Avx.Min(high, Avx.Max(low, c0 + s0)));
            c += valid > 1 ? stride : 0;
            Avx.Store(c, Avx.Min(high, Avx.Max(low, c1 + s1)));
            c += valid > 2 ? stride : 0;
            Avx.Store(c, Avx.Min(high, Avx.Max(low, c2 + s2)));
            c += valid > 3 ? stride : 0;
            Avx.Store(c, Avx.Min(high, Avx.Max(low, c3 + s3)));
            c += valid > 4 ? stride : 0;
            Avx.Store(c, Avx.Min(high, Avx.Max(low, c4 + s4)));
            c += valid > 5 ? stride : 0;
            Avx.Store(c, Avx.Min(high, Avx.Max(low, c5 + s5)));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(in GemmTermsF32 terms)
        {
            Vector256<float> c0 = default, c1 = default;
            Vector256<float> s0 = Avx.LoadVector256(terms.Bias);
            Vector256<float> s1 = Avx.LoadVector256(terms.Bias + 8);
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
                    for (; k < end; k++, w += 16)
                    {
                        var a = Avx.BroadcastScalarToVector256(row + k);
                        c0 = Fma.MultiplyAdd(a, Avx.LoadVector256(w), c0);
                        c1 = Fma.MultiplyAdd(a, Avx.LoadVector256(w + 8), c1);
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
                terms.Sums, s0 + c0, s1 + c1, Vector256.Create(terms.Min),
                Vector256.Create(terms.Max));
        }

        public static bool HasPairOfLines => true;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void PairOfLines(in GemmTermsF32 terms, nint nextPanel)
        {
            Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
            float* bias = terms.Bias, next = bias + nextPanel;
            Vector256<float> s0 = Avx.LoadVector256(bias), s1 = Avx.LoadVector256(bias + 8);
            Vector256<float> s2 = Avx.LoadVector256(next), s3 = Avx.LoadVector256(next + 8);
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
                    for (; k < end; k++, w += 16)
                    {
                        var a = Avx.BroadcastScalarToVector256(row + k);
                        c0 = Fma.MultiplyAdd(a, Avx.LoadVector256(w), c0);
                        c1 = Fma.MultiplyAdd(a, Avx.LoadVector256(w + 8), c1);
                        c2 = Fma.MultiplyAdd(a, Avx.LoadVector256(w + nextPanel), c2);
                        c3 = Fma.MultiplyAdd(a, Avx.LoadVector256(w + nextPanel + 8), c3);
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
            var low = Vector256.Create(terms.Min);
            var high = Vector256.Create(terms.Max);
            Store(terms.Sums, s0 + c0, s1 + c1, low, high);
            Store(terms.Sums + 16, s2 + c2, s3 + c3, low, high);
        }

        /// <summary>to = from + c, and a new sum starts at zero.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Move(float* from, float* to, Vector256<float> c)
        {
            Avx.Store(to, Avx.LoadVector256(from) + c);
            return default;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(
            float* c, Vector256<float> c0, Vector256<float> c1,
            Vector256<float> low, Vector256<float> high)
        {
            Avx.Store(c, Avx.Min(high, Avx.Max(low, c0)));
            Avx.Store(c + 8, Avx.Min(high, Avx.Max(low, c1)));
        }
    }
}
