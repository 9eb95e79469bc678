using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS8
{
    /// <summary>8×8 by emitted SMMLA: eight depths of two rows and two columns an instruction.
    /// </summary>
    internal readonly struct ArmI8mm : IGemmS8
    {
        static bool isAsked;
        static delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void> tile;
        static delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void> half;

        public static bool IsSupported => Load();
        public static int Rows => GemmS8A64Code.Rows;
        public static int Columns => GemmS8A64Code.Columns;
        public static int Group => GemmS8A64Code.Group;
        public static bool IsWide => false;
        public static byte Flip => 0;

        static bool Load()
        {
            // An SMMLA core has SDOT; the check is for builds without it.
            if (!Dp.IsSupported || !EmitCpu.HasInt8Matrix())
            {
                return false;
            }
            if (!Volatile.Read(ref isAsked))
            {
                // Two threads may both get here: both make the same code, and either serves.
                var a = new A64Assembler();
                GemmS8A64Code.WriteTile(a, 4);
                int halfAt = a.Code.Position;
                GemmS8A64Code.WriteTile(a, 2);
                nint at = EmittedCode.Load(a.Code);
                if (at != 0)
                {
                    half = (delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void>)
                        (at + halfAt);
                    tile = (delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void>)at;
                }
                Volatile.Write(ref isAsked, true);
            }
            return tile != null;
        }

        public static void Tile(in GemmTermsS8 terms)
        {
            fixed (GemmTermsS8* p = &terms)
            {
                tile(p);
            }
        }

        public static void Half(in GemmTermsS8 terms)
        {
            fixed (GemmTermsS8* p = &terms)
            {
                half(p);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Line(in GemmTermsS8 terms)
        {
            byte* a = terms.Rows[0];
            nint* taps = terms.Taps;
            nint bytes = (nint)terms.Depth;
            sbyte* panel = terms.Panel;
            // Both halves of a column's eight depths have a lane of their own.
            Vector128<int> c0 = default, c1 = default, c2 = default, c3 = default;
            for (int t = 0; t < terms.TapCount; t++)
            {
                for (nint k = taps[t], end = k + bytes; k < end; k += 8, panel += 64)
                {
                    var x = Vector128.Create(*(long*)(a + k)).AsSByte();
                    c0 = Dp.DotProduct(c0, Vector128.Load(panel), x);
                    c1 = Dp.DotProduct(c1, Vector128.Load(panel + 16), x);
                    c2 = Dp.DotProduct(c2, Vector128.Load(panel + 32), x);
                    c3 = Dp.DotProduct(c3, Vector128.Load(panel + 48), x);
                }
            }
            int* bias = terms.Bias, c = terms.Sums;
            var o = Vector128.Create(terms.Offsets[0]);
            (AdvSimd.Arm64.AddPairwise(c0, c1) + Vector128.Load(bias) + o).Store(c);
            (AdvSimd.Arm64.AddPairwise(c2, c3) + Vector128.Load(bias + 4) + o).Store(c + 4);
        }

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.Vec128.Rows(
                acc, Columns, rows, scale, width, range, y, stride);
    }
}
