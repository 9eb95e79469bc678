using System.Diagnostics;

namespace EdgeDL.Cli.Tests;

/// <summary>What a program said and returned.</summary>
public sealed record CliResult(int Code, string Output, string Error)
{
    /// <summary>The one line that a failure may print.</summary>
    public string ErrorLine
    {
        get
        {
            Assert.EndsWith("\n", Error);
            Assert.Single(Error.TrimEnd('\n').Split('\n'));
            return Error.TrimEnd('\n');
        }
    }
}

/// <summary>Runs the programs as their users do, in a process of its own.</summary>
static class Cli
{
    public static CliResult Run(params string[] arguments) => RunWith([], arguments);

    /// <summary>Runs edgedl with these bytes on standard input.</summary>
    public static CliResult RunWith(byte[] input, params string[] arguments) =>
        Run("EdgeDL.Pi.dll", input, arguments);

    /// <summary>Runs edgedl-bench.</summary>
    public static CliResult Bench(params string[] arguments) =>
        Run("edgedl-bench.dll", [], arguments);

    /// <summary>Runs edgedl-pack.</summary>
    public static CliResult Pack(params string[] arguments) =>
        Run("edgedl-pack.dll", [], arguments);

    /// <summary>Runs the edgedl-pack that lies in a folder.</summary>
    public static CliResult PackIn(string folder, params string[] arguments) =>
        Run(Path.Combine(folder, "edgedl-pack.dll"), [], arguments);

    static CliResult Run(string file, byte[] input, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, file);
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CliResult(process.ExitCode, output, error.Result);
    }
}
