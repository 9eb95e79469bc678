using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmF32
{
    /// <summary>4×8: eight accumulators, so that x64's sixteen registers suffice.</summary>
    internal readonly struct Vec128 : IGemmF32
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;
        public static int Rows => 4;
        public static int Columns => 8;

        public static void Tile(in GemmTermsF32 terms)
        {
            Vector128<float> c00 = default, c01 = default;
            Vector128<float> c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
            float* w = terms.Weights;
            byte** rows = terms.Rows;
            float* start = terms.Bias, partial = terms.Partial;
            nint depth = terms.Depth, startStride = 0;
            int left = IGemmF32.MaxTerms;
            float* a0 = (float*)rows[0], a1 = (float*)rows[1];
            float* a2 = (float*)rows[2], a3 = (float*)rows[3];
            nint* taps = terms.Taps;
            for (int t = 0; t < terms.TapCount; t++)
            {
                nint last = taps[t] / sizeof(float) + depth;
                for (nint k = last - depth, end; k < last;)
                {
                    end = Math.Min(last, k + left);
                    left -= (int)(end - k);
                    for (; k < end; k++, w += 8)
                    {
                        Vector128<float> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 4);
                        var a = Vector128.Create(a0[k]);
                        c00 = Vector128.MultiplyAddEstimate(a, w0, c00);
                        c01 = Vector128.MultiplyAddEstimate(a, w1, c01);
                        a = Vector128.Create(a1[k]);
                        c10 = Vector128.MultiplyAddEstimate(a, w0, c10);
                        c11 = Vector128.MultiplyAddEstimate(a, w1, c11);
                        a = Vector128.Create(a2[k]);
                        c20 = Vector128.MultiplyAddEstimate(a, w0, c20);
                        c21 = Vector128.MultiplyAddEstimate(a, w1, c21);
                        a = Vector128.Create(a3[k]);
                        c30 = Vector128.MultiplyAddEstimate(a, w0, c30);
                        c31 = Vector128.MultiplyAddEstimate(a, w1, c31);
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
        }

        public static void Half(in GemmTermsF32 terms) => Tile(terms);

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
                        c0 = Vector128.MultiplyAddEstimate(a, Vector128.Load(w), c0);
                        c1 = Vector128.MultiplyAddEstimate(a, Vector128.Load(w + 4), c1);
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

        /// <summary>to = from + c, and a new sum starts at zero.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<float> Move(float* from, float* to, Vector128<float> c)
        {
            (Vector128.Load(from) + c).Store(to);
            return default;
        }

        static void Store(
            float* c, Vector128<float> c0, Vector128<float> c1,
            Vector128<float> low, Vector128<float> high)
        {
            Vector128.Min(Vector128.Max(c0, low), high).Store(c);
            Vector128.Min(Vector128.Max(c1, low), high).Store(c + 4);
        }
    }
}
