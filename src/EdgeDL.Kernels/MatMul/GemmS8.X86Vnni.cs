using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

static unsafe partial class GemmS8
{
    /// <summary>12×32 by emitted vpdpbusd: four depths of sixteen columns an instruction, rows
    /// unsigned, weights signed.</summary>
    internal readonly struct X86Vnni : IGemmS8
    {
        static bool isAsked;
        static delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void> tile;
        static delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void> half;
        static delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void> line;

        public static bool IsSupported => Load();
        public static int Rows => GemmS8X64Code.Rows;
        public static int Columns => GemmS8X64Code.Columns;
        public static int Group => GemmS8X64Code.Group;
        public static bool IsWide => false;
        public static byte Flip => 0x80;

        static bool Load()
        {
            if (!EmitCpu.HasVnni())
            {
                return false;
            }
            if (!Volatile.Read(ref isAsked))
            {
                // Two threads may both get here: both make the same code, and either serves.
                var a = new X64Assembler();
                var entries = GemmS8X64Code.WriteAll(a);
                nint at = EmittedCode.Load(a.Code);
                if (at != 0 && EmitCpu.KeepsZmm(at + entries.Xcr0))
                {
                    half = (delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void>)
                        (at + entries.Half);
                    line = (delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void>)
                        (at + entries.Line);
                    tile = (delegate* unmanaged[SuppressGCTransition]<GemmTermsS8*, void>)
                        (at + entries.Tile);
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

        public static void Line(in GemmTermsS8 terms)
        {
            fixed (GemmTermsS8* p = &terms)
            {
                line(p);
            }
        }

        public static void Requantize(
            int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y,
            nint stride) =>
            Quant.Requantize.X86Avx2.Rows(
                acc, Columns, rows, scale, width, range, y, stride);
    }
}
