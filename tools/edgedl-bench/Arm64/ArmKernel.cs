using EdgeDL.Kernels.Emit;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Bench.Arm64;

/// <summary>A function whose innermost loops do a kernel's work on Arm64.</summary>
/// <param name="Name">For people.</param>
/// <param name="Symbol">Its symbol in the program; null for emitted code.</param>
/// <param name="Loops">Innermost loops that multiply, at least.</param>
/// <param name="Cores">Those that run it, as llvm-mca names them.</param>
sealed record ArmKernel(string Name, string? Symbol, int Loops, string[] Cores)
{
    const string Prefix = "EdgeDL_Kernels_EdgeDL_Kernels_";
    const string MatMul = Prefix + "MatMul_";
    const string Depthwise = Prefix + "Depthwise_Depthwise";

    static readonly string[] Neon = ["cortex-a76", "cortex-a72", "cortex-a53"];
    static readonly string[] Dot = ["cortex-a76", "cortex-a55"];
    static readonly string[] Matrix = ["cortex-a76"];

    /// <summary>Every kernel of GEMM, convolution (which is GEMM) and depthwise.</summary>
    public static ArmKernel[] All { get; } =
    [
        new("fp32 GEMM, NEON: tile", MatMul + "GemmF32_ArmNeon__Tile", 2, Neon),
        new("fp32 GEMM, NEON: one row", MatMul + "GemmF32_ArmNeon__Line", 1, Neon),
        new("fp32 GEMM, NEON: one row, two panels",
            MatMul + "GemmF32_ArmNeon__PairOfLines", 1, Neon),
        new("int8 GEMM, NEON: tile", MatMul + "GemmS8_ArmNeon__Tile", 2, Neon),
        new("int8 GEMM, NEON: one row", MatMul + "GemmS8_ArmNeon__Line", 1, Neon),
        new("int16 GEMM, NEON: tiles", MatMul + "GemmS16_ArmNeon__Run", 1, Neon),
        new("int8 GEMM, SDOT: tile", MatMul + "GemmS8_ArmDp__Tile", 2, Dot),
        new("int8 GEMM, SDOT: one row", MatMul + "GemmS8_ArmDp__Line", 1, Dot),
        new("int8 GEMM, SMMLA: tile (emitted)", null, 1, Matrix),
        new("int8 GEMM, SMMLA: one row", MatMul + "GemmS8_ArmI8mm__Line", 1, Matrix),
        new("fp32 depthwise: any window",
            Depthwise + "TileF32__BlockByBlock<" + Depthwise + "TileF32_Vec128>", 1, Neon),
        new("fp32 depthwise: a line's last lanes",
            Depthwise + "F32__Run<" + Depthwise + "TileF32_Vec128>", 1, Neon),
        new("int8 depthwise: any window",
            Depthwise + "TileS8__BlockByBlock<" + Depthwise + "TileS8_ArmNeon__"
                + Prefix + "Quant_Requantize_Vec128>", 1, Neon),
        new("int8 depthwise: fp32 out",
            Depthwise + "S8__Dynamic<" + Depthwise + "TileS8_ArmNeon>", 1, Neon),
    ];

    /// <summary>Null if the program has no such function.</summary>
    public List<ArmLoop>? LoopsIn(ArmListing program)
    {
        var function = Symbol is null ? ArmListing.Emitted(Tile()) : program.Function(Symbol);
        return function is null ? null : ArmLoop.Of(Name, function);
    }

    static CodeBuffer Tile()
    {
        var a = new A64Assembler();
        GemmS8A64Code.WriteTile(a, 4);
        return a.Code;
    }
}
