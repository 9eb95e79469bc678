using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeDL.Kernels;

namespace EdgeDL.Cli.Tests;

/// <summary>Weights packed for a CPU, from the command that packs them to the one that runs.
/// </summary>
public sealed class PackedTargetTests(SmallModels models) : IClassFixture<SmallModels>
{
    static readonly byte[] input = MemoryMarshal.AsBytes((ReadOnlySpan<float>)[1, 10, 100])
        .ToArray();

    static readonly string answer = System.Convert.ToHexString(
        MemoryMarshal.AsBytes((ReadOnlySpan<float>)[321, 654]));

    static string Foreign =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "x64-v3" : "armv8";

    [Fact]
    public void A_file_for_another_cpu_runs_with_one_line_of_warning()
    {
        CliResult result = Run(Packed(Foreign), out string output);
        Assert.Equal((0, answer), (result.Code, output));
        Assert.Contains($"packed for {Foreign}, this CPU is", result.ErrorLine);
    }

    [Fact]
    public void Strict_refuses_it_and_says_what_to_do()
    {
        foreach (string[] command in (string[][])
            [["run", "--input", models.File("s.bin", input)], ["bench", "--runs", "1"]])
        {
            CliResult result = Cli.Run(
                [command[0], Packed(Foreign), .. command[1..], "--strict"]);
            Assert.Equal((4, ""), (result.Code, result.Output));
            Assert.Contains($"packed for {Foreign}, this CPU is", result.ErrorLine);
            Assert.Contains("--target", result.ErrorLine);
        }
    }

    [Fact]
    public void A_plain_file_is_for_no_target()
    {
        CliResult result = Run(models.Dense, out string output);
        Assert.Equal((0, "", answer), (result.Code, result.Error, output));
        result = Run(models.Dense, out _, "--strict");
        Assert.Equal(4, result.Code);
        Assert.Contains("packed for no target", result.ErrorLine);
    }

    [Fact]
    public void A_file_for_this_cpu_runs_strictly_and_silently()
    {
        string here = CpuTarget.This().Name;
        if (here == CpuTarget.Other)
        {
            return;
        }

        CliResult result = Run(Packed(here), out string output, "--strict");
        Assert.Equal((0, "", answer), (result.Code, result.Error, output));
    }

    [Fact]
    public void Inspect_says_what_the_second_set_of_weights_costs()
    {
        string packed = Packed("armv8-dot");
        Assert.Contains("more for armv8-dot", Cli.Pack("inspect", packed).Output);
        using var json = JsonDocument.Parse(Cli.Pack("inspect", packed, "--json").Output);
        Assert.Equal("armv8-dot", json.RootElement.GetProperty("target").GetString());
        // Eight columns of a bias and three weights.
        Assert.Equal(128, json.RootElement.GetProperty("packedBytes").GetInt64());
    }

    [Fact]
    public void A_target_that_is_none_is_usage()
    {
        CliResult result = Cli.Pack("convert", models.Dense, "--target", "z80");
        Assert.Equal(2, result.Code);
        Assert.Contains("x64-v3", result.ErrorLine);
    }

    [Fact]
    public void Damaged_weights_void_the_answer_when_the_hash_comes_late()
    {
        byte[] damaged = File.ReadAllBytes(models.Dense);
        ReadOnlySpan<float> weights = [1, 2, 3, 4, 5, 6];
        damaged[damaged.AsSpan().IndexOf(MemoryMarshal.AsBytes(weights))] ^= 1;
        string file = models.File("damaged.edl", damaged);
        Assert.Equal((4, ""), (Run(file, out _).Code, Run(file, out _, "--hash", "full").Output));
        CliResult late = Run(file, out _, "--hash", "lazy");
        Assert.Equal(4, late.Code);
        Assert.NotEqual("", late.Output);
        Assert.Contains("damaged.edl: section Weights: its SHA-256", late.ErrorLine);
        CliResult never = Run(file, out _, "--hash", "off");
        Assert.Equal((0, ""), (never.Code, never.Error));
        Assert.Equal(0, Run(models.Dense, out _, "--hash", "lazy").Code);
    }

    string Packed(string target)
    {
        string file = Path.Combine(models.Folder, $"{target}.edl");
        CliResult result = Cli.Pack("convert", models.Dense, "--target", target, "-o", file);
        Assert.Equal((0, ""), (result.Code, result.Error));
        return file;
    }

    CliResult Run(string model, out string output, params string[] options)
    {
        string folder = Path.Combine(models.Folder, Guid.NewGuid().ToString());
        CliResult result = Cli.Run(
            ["run", model, "-i", models.File("x.bin", input), "-o", folder, .. options]);
        string file = Path.Combine(folder, "x_out0.bin");
        output = File.Exists(file) ? System.Convert.ToHexString(File.ReadAllBytes(file)) : "";
        return result;
    }
}
