using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EdgeDL.Kernels.Emit;

namespace EdgeDL.Bench.Arm64;

/// <summary>An instruction where it lies, as objdump writes it.</summary>
sealed record ArmInstruction(ulong Address, string Text);

/// <summary>Functions of an Arm64 program by their symbols, read by objdump.</summary>
sealed partial class ArmListing
{
    const string Objdump = "aarch64-linux-gnu-objdump";

    readonly string path;

    // Of a program, where functions lie; of a listing, what they hold.
    readonly Dictionary<string, (ulong Address, ulong Bytes)> symbols = [];
    readonly Dictionary<string, List<ArmInstruction>> functions = [];

    /// <param name="path">A program for Arm64 with its symbols, or what objdump -d wrote.</param>
    public ArmListing(string path)
    {
        this.path = path;
        if (!File.Exists(path))
        {
            throw new BenchException(
                $"{path}: does not exist; KeepSymbols=true tools/build linux-arm64 edgedl",
                Exit.Usage);
        }

        if (IsProgram(path))
        {
            ReadSymbols();
        }
        else
        {
            ReadListing(File.ReadLines(path));
        }
    }

    /// <summary>The instructions of a function; null if no symbol has this name.</summary>
    public IReadOnlyList<ArmInstruction>? Function(string name)
    {
        if (symbols.TryGetValue(name, out var at))
        {
            return Instructions(RunObjdump(
                "-d", "--no-show-raw-insn", $"--start-address=0x{at.Address:x}",
                $"--stop-address=0x{at.Address + at.Bytes:x}", path));
        }

        return functions.GetValueOrDefault(name);
    }

    /// <summary>What was written by an assembler.</summary>
    public static IReadOnlyList<ArmInstruction> Emitted(CodeBuffer code)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, code.Bytes);
            return Instructions(RunObjdump(
                "-D", "-b", "binary", "-m", "aarch64", "--no-show-raw-insn", file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    static bool IsProgram(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return file.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4
            && magic.SequenceEqual("\u007FELF"u8);
    }

    void ReadSymbols()
    {
        foreach (var line in RunObjdump("-t", path))
        {
            if (Symbol().Match(line) is { Success: true } symbol)
            {
                symbols[symbol.Groups[3].Value] =
                    (Hex(symbol.Groups[1].Value), Hex(symbol.Groups[2].Value));
            }
        }

        if (symbols.Count == 0)
        {
            throw new BenchException(
                $"{path}: has no symbols; build it with KeepSymbols=true", Exit.Usage);
        }
    }

    void ReadListing(IEnumerable<string> lines)
    {
        List<ArmInstruction>? function = null;
        foreach (var line in lines)
        {
            if (Header().Match(line) is { Success: true } header)
            {
                functions[header.Groups[1].Value] = function = [];
            }
            else if (function is not null && Instruction(line) is { } instruction)
            {
                function.Add(instruction);
            }
        }
    }

    static List<ArmInstruction> Instructions(IEnumerable<string> lines) =>
        [.. lines.Select(Instruction).OfType<ArmInstruction>()];

    static ArmInstruction? Instruction(string line) =>
        Line().Match(line) is not { Success: true } match ? null
            : new ArmInstruction(
                Hex(match.Groups[1].Value), match.Groups[2].Value.Split("//")[0].TrimEnd());

    static ulong Hex(string text) =>
        ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    static string[] RunObjdump(params string[] arguments) =>
        Tool.Output(Objdump, "binutils-aarch64-linux-gnu", "", arguments).Split('\n');

    [GeneratedRegex(@"^([0-9a-f]{16}) .{6}F \S+\t([0-9a-f]{16})\s+(?:\.hidden )?(\S+)$")]
    private static partial Regex Symbol();

    [GeneratedRegex(@"^[0-9a-f]+ <(.*)>:$")]
    private static partial Regex Header();

    [GeneratedRegex(@"^ *([0-9a-f]+):\t(.*)$")]
    private static partial Regex Line();
}

/// <summary>Another's program that is asked for its judgement.</summary>
static class Tool
{
    /// <summary>What it writes to standard output, given this input.</summary>
    public static string Output(
        string program, string package, string input, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Result : throw new BenchException(
                $"{program}: {error.Result.Trim().Split('\n')[0]}", Exit.Usage);
        }
        catch (Win32Exception)
        {
            throw new BenchException(
                $"{program} is missing; apt install {package}", Exit.Usage);
        }
    }
}
