using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.AotSmoke;

/// <summary>The vpdpbusd kernels as a file, for a processor that is emulated without a system: four
/// offsets of 32 bits (xcr0, tile, half, line), then the code that they count from.</summary>
static class EmittedFile
{
    public static void Write(string path)
    {
        var a = new X64Assembler();
        var entries = GemmS8X64Code.WriteAll(a);
        var file = new CodeBuffer();
        file.Word32((uint)entries.Xcr0);
        file.Word32((uint)entries.Tile);
        file.Word32((uint)entries.Half);
        file.Word32((uint)entries.Line);
        File.WriteAllBytes(path, [.. file.Bytes, .. a.Code.Bytes]);
    }
}
