using System.Buffers.Binary;
using System.Runtime.Versioning;
using EdgeDL.Bench;
using EdgeDL.Bench.Arm64.Counting;

namespace EdgeDL.Cli.Tests;

/// <summary>A fact that counts under qemu; where that can't be, skipped with one line.</summary>
sealed class CountingFactAttribute : FactAttribute
{
    public CountingFactAttribute()
    {
        Skip = Missing.Value;
    }

    static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            new QemuCounter().Dispose();
            return null;
        }
        catch (BenchException e)
        {
            return $"counts nothing: {e.Message}";
        }
    });
}

/// <summary>edgedl-bench instructions: its counts are exact, on programs whose instructions are
/// known one by one.</summary>
[SupportedOSPlatform("linux")]
public sealed class QemuCounterTests(SmallModels models) : IClassFixture<SmallModels>
{
    const int TurnsAtMost = 65535;

    [CountingFact]
    public void Every_instruction_between_two_marks_is_counted_once()
    {
        using var counter = new QemuCounter();
        int[] turns = [1, 2, 500, 500, 1000, TurnsAtMost];
        string program = Program("loops", [.. Mark, .. turns.SelectMany(Loop), .. Exited]);
        foreach (ArmCore core in ArmCore.All)
        {
            // A MOVZ, and of each turn a SUBS and a B.NE; a mark is two moves and a call.
            Assert.Equal(turns.Select(n => 1 + (2L * n) + 3), counter.Run(core, program).Counts);
        }
    }

    [CountingFact]
    public void A_program_that_a_signal_ends_is_an_error_that_names_it()
    {
        using var counter = new QemuCounter();
        string program = Program("illegal", [.. Mark, 0, .. Exited]);
        var error = Assert.Throws<BenchException>(() => counter.Run(ArmCore.All[0], program));
        Assert.Contains("Illegal instruction", error.Message);
    }

    [Fact]
    public void The_later_count_is_told_and_how_far_the_earlier_is_from_it()
    {
        Assert.Equal(new Count(Each: 50, Apart: 2), Count.Of([104, 100], runs: 2));
        var error = Assert.Throws<BenchException>(() => Count.Of([104], runs: 2));
        Assert.Contains("publish it", error.Message);
    }

    [Theory]
    [InlineData("tools/build linux-arm64 edgedl-bench", "instructions", "/nowhere/edgedl-bench")]
    [InlineData("no such form", "counted", "MODEL", "--form", "spoken")]
    public void Wrong_usage_is_one_line_and_2(string expected, params string[] arguments)
    {
        CliResult result = Cli.Bench(
            [.. arguments.Select(a => a.Replace("MODEL", models.Two))]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.ErrorLine);
    }

    [Fact]
    public void What_is_counted_compares_its_answers_first()
    {
        CliResult result = Cli.Bench("counted", models.Two, "--form", "exported", "--runs", "2");
        Assert.Equal((0, "", "agrees: equal\n"), (result.Code, result.Error, result.Output));
        Assert.Equal(
            new CliResult(0, "", ""), Cli.Bench("counted", models.Two, "--runs", "2"));
    }

    // MOVZ X8, MOVK X8 and SVC #0: a system call of this number (Arm ARM, C6.2).
    static uint[] Mark =>
    [
        0xD2800008 | (CountMark.Number & 0xFFFF) << 5, 0xF2A00008 | (CountMark.Number >> 16) << 5,
        0xD4000001,
    ];

    // MOVZ X9, #turns; SUBS X9, X9, #1; B.NE back to it; and a mark.
    static uint[] Loop(int turns) =>
        [0xD2800009 | (uint)turns << 5, 0xF1000529, 0x54FFFFE1, .. Mark];

    // exit(0): MOVZ X8, #93; MOVZ X0, #0; SVC #0.
    static uint[] Exited => [0xD2800BA8, 0xD2800000, 0xD4000001];

    // An ELF file (System V ABI, chapter 4) of nothing but one segment, which starts with the file.
    string Program(string name, uint[] code)
    {
        const ulong Address = 0x400000;
        const int Header = 64;
        const int Segment = 56;
        var file = new byte[Header + Segment + (4 * code.Length)];
        // 64 bits, little-endian; executable, AArch64, version 1.
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        new byte[] { 2, 0, 183, 0, 1 }.CopyTo(file, 16);
        Write64(24, Address + Header + Segment);
        Write64(32, Header);
        file[52] = Header;
        file[54] = Segment;
        file[56] = 1;
        // To be loaded, readable and executable; offset, addresses, sizes, alignment.
        file[Header] = 1;
        file[Header + 4] = 5;
        Write64(Header + 16, Address);
        Write64(Header + 24, Address);
        Write64(Header + 32, (ulong)file.Length);
        Write64(Header + 40, (ulong)file.Length);
        Write64(Header + 48, 0x1000);
        for (int i = 0; i < code.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(
                file.AsSpan(Header + Segment + (4 * i)), code[i]);
        }

        string path = models.File(name, file);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;

        void Write64(int at, ulong value) =>
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
    }
}
