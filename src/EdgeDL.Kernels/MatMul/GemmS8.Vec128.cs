using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS8
{
    /// <summary>4×8. |a · w| ≤ 2¹⁴ fits int16, the sum of two does not: widen, then add.</summary>
    internal readonly struct Vec128 : IGemmS8
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;
        public static int Rows => 4;
        public static int Columns => 8;
        public static int Group => 1;
        public static bool IsWide => true;
        public static byte Flip => 0;

        public static void Tile(in GemmTermsS8 terms)
        {
            byte** rows = terms.Rows;
            nint* taps = terms.Taps;
            nint bytes = 2 * (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            int* bias = terms.Bias, offset = terms.Offsets;
            byte* a0 = rows[0], a1 = rows[1], a2 = rows[2], a3 = rows[3];
            Vector128<int> b0 = Vector128.Load(bias), b1 = Vector128.Load(bias + 4);
            var o = Vector128.Create(offset[0]);
            Vector128<int> c00 = b0 + o, c01 = b1 + o;
            o = Vector128.Create(offset[1]);
            Vector128<int> c10 = b0 + o, c11 = b1 + o;
            o = Vector128.Create(offset[2]);
            Vector128<int> c20 = b0 + o, c21 = b1 + o;
            o = Vector128.Create(offset[3]);
            Vector128<int> c30 = b0 + o, c31 = b1 + o;
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 2, panel += 8)
                {
                    var w = Weights(panel);
                    Add(ref c00, ref c01, Vector128.Create(*(short*)(a0 + k)) * w);
                    Add(ref c10, ref c11, Vector128.Create(*(short*)(a1 + k)) * w);
                    Add(ref c20, ref c21, Vector128.Create(*(short*)(a2 + k)) * w);
                    Add(ref c30, ref c31, Vector128.Create(*(short*)(a3 + k)) * w);
                }
            }
            int* c = terms.Sums;
            c00.Store(c);
            c01.Store(c + 4);
            c10.Store(c + 8);
            c11.Store(c + 12);
            c20.Store(c + 16);
            c21.Store(c + 20);
            c30.Store(c + 24);
            c31.Store(c + 28);
        }

        public static void Half(in GemmTermsS8 terms) => Tile(terms);

        public static void Line(in GemmTermsS8 terms)
        {
            byte* a = terms.Rows[0];
            nint* taps = terms.Taps;
            nint bytes = 2 * (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            int* bias = terms.Bias, c = terms.Sums;
            int offset = terms.Offsets[0];
            var o = Vector128.Create(offset);
            Vector128<int> c0 = Vector128.Load(bias) + o, c1 = Vector128.Load(bias + 4) + o;
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 2, panel += 8)
                {
                    Add(ref c0, ref c1, Vector128.Create(*(short*)(a + k)) * Weights(panel));
                }
            }
            c0.Store(c);
            c1.Store(c + 4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<short> Weights(sbyte* panel) =>
            Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)panel).AsSByte());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(ref Vector128<int> c0, ref Vector128<int> c1, Vector128<short> product)
        {
            c0 += Vector128.WidenLower(product);
            c1 += Vector128.WidenUpper(product);
        }

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.Vec128.Rows(
                acc, Columns, rows, scale, width, range, y, stride);
    }
}
