using EdgeDL.Bench.Arm64;

namespace EdgeDL.Cli.Tests;

/// <summary>edgedl-bench spills: it finds the loops, and what it must not let pass.</summary>
public sealed class ArmLoopTests(SmallModels models) : IClassFixture<SmallModels>
{
    const string Tile = "EdgeDL_Kernels_EdgeDL_Kernels_MatMul_GemmF32_ArmNeon__Tile";

    // An outer loop around a loop that multiplies and one that doesn't.
    static readonly string[] Clean =
    [
        "ldr\tq0, [x29, #-32]",
        "ldr\tq1, [x1, x2]",
        "fmla\tv16.4s, v0.4s, v1.s[0]",
        "b.le\t1004 <" + Tile + "+0x4>  // b.plast",
        "ldr\tx3, [sp, #16]",
        "add\tx3, x3, #0x1",
        "cbnz\tx3, 1014 <" + Tile + "+0x14>",
        "tbnz\tw4, #3, 1000 <" + Tile + ">",
        "ret",
    ];

    [Fact]
    public void The_innermost_loops_that_multiply_are_found()
    {
        ArmLoop loop = Assert.Single(ArmLoop.Of("tile", Function(Clean)));
        Assert.Equal(0x1004u, loop.Address);
        Assert.Equal(3, loop.Lines.Count);
        Assert.Equal(4, loop.Macs);
        Assert.Empty(loop.Spills);
        Assert.Empty(ArmLoop.Of("tile", Function(Clean[4..])));
    }

    [Theory]
    [InlineData("str\tq16, [sp, #32]")]
    [InlineData("ldr\tq16, [x29, #-16]")]
    [InlineData("ldp\tq8, q9, [sp]")]
    [InlineData("stur\tx1, [x29, #-8]")]
    [InlineData("bl\t2000 <memcpy>")]
    [InlineData("blr\tx9")]
    public void A_spill_is_one(string line)
    {
        string[] lines = [.. Clean];
        lines[1] = line;
        ArmLoop loop = Assert.Single(ArmLoop.Of("tile", Function(lines)));
        Assert.Equal([line], loop.Spills);
    }

    [Fact]
    public void A_spill_and_what_is_missing_fail_the_check()
    {
        string[] lines = [.. Clean];
        lines[1] = "str\tq16, [sp, #32]";
        CliResult result = Cli.Bench("spills", models.File("tile.txt", Listing(lines)));
        Assert.Equal((1, ""), (result.Code, result.Error));
        Assert.Contains(
            "FAILED fp32 GEMM, NEON: tile: the loop at 0x1004 spills: str q16, [sp, #32]",
            result.Output);
        // The tile has a second loop, for what is left.
        Assert.Contains("1 loop(s) that multiply; 2 were expected", result.Output);
        Assert.Contains("the program has no EdgeDL_Kernels_", result.Output);
        // Emitted code needs no program.
        Assert.EndsWith($"1 passed, {ArmKernel.All.Length - 1} failed\n", result.Output);
    }

    [Theory]
    [InlineData("spills")]
    [InlineData("mca")]
    public void A_program_that_is_not_there_is_named(string command)
    {
        CliResult result = Cli.Bench(command, "/nowhere/edgedl");
        Assert.Equal(2, result.Code);
        Assert.Contains("KeepSymbols=true tools/build", result.ErrorLine);
    }

    static ArmInstruction[] Function(string[] lines) =>
        [.. lines.Select((l, i) => new ArmInstruction(
            0x1000u + 4u * (uint)i, l.Split("//")[0].TrimEnd()))];

    static byte[] Listing(string[] lines) => System.Text.Encoding.UTF8.GetBytes(
        $"\n0000000000001000 <{Tile}>:\n" + string.Join(
            '\n', lines.Select((l, i) => $"    {0x1000 + 4 * i:x}:\t{l}")) + "\n");
}
