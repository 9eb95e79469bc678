using System.Text.Json;
using EdgeDL.Tensors;

namespace EdgeDL.Cli.Tests;

/// <summary>bench, info, doctor and help.</summary>
public sealed class ReportTests(SmallModels models) : IClassFixture<SmallModels>
{
    [Fact]
    public void Bench_reports_latency_memory_and_no_allocation()
    {
        var result = Cli.Run("bench", models.Colour, "--runs", "50", "--json");
        Assert.Equal((0, ""), (result.Code, result.Error));
        using var document = JsonDocument.Parse(result.Output);
        var root = document.RootElement;
        Assert.Equal(50, root.GetProperty("runs").GetInt32());
        Assert.Equal(0, root.GetProperty("allocatedBytes").GetInt64());
        Assert.True(root.GetProperty("residentBytes").GetInt64() > 1_000_000);
        var times = root.GetProperty("microseconds");
        Assert.InRange(
            times.GetProperty("median").GetDouble(),
            times.GetProperty("min").GetDouble(), times.GetProperty("max").GetDouble());
        Assert.Equal(2, root.GetProperty("nodes").GetArrayLength());
        Assert.Contains("median", Cli.Run("bench", models.Colour, "--runs", "5").Output);
    }

    [Fact]
    public void Info_says_what_goes_in_and_comes_out()
    {
        var text = Cli.Run("info", models.Colour);
        Assert.Equal(0, text.Code);
        Assert.Contains($"picture: Float32 {new Shape(1, 4, 4, 3)}, a picture", text.Output);
        using var document = JsonDocument.Parse(Cli.Run("info", models.Colour, "--json").Output);
        Assert.Equal(3, document.RootElement.GetProperty("labels").GetInt32());
        Assert.Equal(
            "picture",
            document.RootElement.GetProperty("inputs")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Doctor_judges_every_line()
    {
        var text = Cli.Run("doctor");
        Assert.InRange(text.Code, 0, 1);
        var lines = text.Output.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches("^(PASS|WARN|FAIL)  ", line));
        Assert.All(
            lines.Where(line => !line.StartsWith("PASS", StringComparison.Ordinal)),
            line => Assert.Contains(';', line));
        Assert.Contains(lines, line => line.Contains("kernel conv int8"));
        using var document = JsonDocument.Parse(Cli.Run("doctor", "--json").Output);
        Assert.Equal(lines.Length, document.RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("bench", "-h")]
    public void Help_shows_examples_and_exit_codes(params string[] arguments)
    {
        var result = Cli.Run(arguments);
        Assert.Equal(0, result.Code);
        Assert.Contains("edgedl run mobilenet.edl --input cat.bmp", result.Output);
        Assert.Contains("Exit codes", result.Output);
    }
}
