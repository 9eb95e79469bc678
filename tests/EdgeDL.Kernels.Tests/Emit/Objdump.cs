using System.Diagnostics;
using System.Text.RegularExpressions;

namespace EdgeDL.Kernels.Tests.Emit;

/// <summary>The disassembler of the GNU binutils: another's reading of what was written.</summary>
static partial class Objdump
{
    const string X64Program = "objdump";
    const string A64Program = "aarch64-linux-gnu-objdump";

    /// <summary>One instruction a line, single spaces.</summary>
    public static string[] X64(ReadOnlySpan<byte> code) =>
        Read(X64Program, "-m i386:x86-64 -M intel", code);

    public static string[] A64(ReadOnlySpan<byte> code) => Read(A64Program, "-m aarch64", code);

    static string[] Read(string program, string options, ReadOnlySpan<byte> code)
    {
        Assert.True(
            File.Exists($"/usr/bin/{program}"),
            $"{program} is missing; install binutils and binutils-aarch64-linux-gnu");
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, code);
            using var process = Process.Start(new ProcessStartInfo(
                program, $"-D -b binary {options} --no-show-raw-insn {file}")
            {
                RedirectStandardOutput = true,
            })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return [.. Instruction().Matches(output).Select(
                m => Spaces().Replace(m.Groups[1].Value.Split("//")[0], " ").Trim())];
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"^ *[0-9a-f]+:\t(.*)$", RegexOptions.Multiline)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
