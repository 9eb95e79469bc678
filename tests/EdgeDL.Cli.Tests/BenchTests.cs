using System.Text.Json;
using EdgeDL.Graphs;
using EdgeDL.Testing;

namespace EdgeDL.Cli.Tests;

/// <summary>edgedl-bench: what it says, never how fast anything is.</summary>
public sealed class BenchTests(SmallModels models) : IClassFixture<SmallModels>
{
    [Theory]
    [InlineData("unknown command", "race")]
    [InlineData("not recognized", "compare", "--slow", "1")]
    [InlineData("must be from 1 to 64", "compare", "--threads", "0")]
    [InlineData("must be from 1 to 64", "compare", "--threads", "1,65")]
    [InlineData("at most 3600", "compare", "--seconds", "0")]
    [InlineData("does not exist", "compare", "/nowhere/at.edl")]
    [InlineData("no family or shape", "kernels", "--filter", "fft")]
    [InlineData("must be more than 0", "kernels", "--seconds", "-1")]
    public void Wrong_usage_is_one_line_and_2(string expected, params string[] arguments)
    {
        CliResult result = Cli.Bench(arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.ErrorLine);
    }

    [Fact]
    public void A_file_that_is_no_model_is_named()
    {
        string file = models.File("notes.txt", [1, 2, 3]);
        CliResult result = Cli.Bench("compare", file);
        Assert.Equal(2, result.Code);
        Assert.Contains("notes.txt: is no model", result.ErrorLine);
        string empty = Directory.CreateDirectory(Path.Combine(models.Folder, "empty")).FullName;
        Assert.Contains(
            "has no .edl, .tflite or .onnx files", Cli.Bench("compare", empty).ErrorLine);
    }

    [Fact]
    public void Compare_measures_both_and_goes_on_after_a_rejected_model()
    {
        string broken = models.File("broken.edl", "EDL\x1A and nothing behind"u8.ToArray());
        string output = Path.Combine(models.Folder, "new", "compare.md");
        CliResult result = Cli.Bench(
            "compare", broken, models.Two, "--json", "--threads", "1,64", "--seconds", "0.05",
            "--output", output);
        Assert.Equal(4, result.Code);
        using var document = JsonDocument.Parse(result.Output);
        JsonElement root = document.RootElement;
        Assert.True(root.GetProperty("float32Peak").GetDouble() > 0);
        Assert.Contains("session.x64quantprecision", root.GetProperty("settings").GetString());
        JsonElement[] rows = [.. root.GetProperty("rows").EnumerateArray()];
        Assert.Equal(
            ["broken", "broken", "two", "two"],
            rows.Select(r => r.GetProperty("model").GetString()));
        Assert.All(rows[..2], r => Assert.NotNull(r.GetProperty("note").GetString()));

        JsonElement two = rows[2];
        Assert.Equal("fp32", two.GetProperty("dtype").GetString());
        Assert.Equal(1, two.GetProperty("threads").GetInt32());
        double ours = two.GetProperty("oursUs").GetDouble();
        double ort = two.GetProperty("ortUs").GetDouble();
        Assert.True(ours > 0 && ort > 0);
        Assert.Equal(ours / ort, two.GetProperty("ratio").GetDouble(), 0.01);
        Assert.True(two.GetProperty("oursP99Us").GetDouble() >= ours);
        Assert.True(two.GetProperty("ortP99Us").GetDouble() >= ort);
        Assert.True(two.GetProperty("arenaBytes").GetDouble() > 0);
        Assert.Equal("equal", two.GetProperty("answers").GetString());
        Assert.Equal("exported", two.GetProperty("form").GetString());
        Assert.Equal(JsonValueKind.Null, two.GetProperty("target").ValueKind);

        // More threads than cores: said, not measured.
        Assert.Equal(64, rows[3].GetProperty("threads").GetInt32());
        Assert.Contains("core(s)", rows[3].GetProperty("note").GetString());
        string report = File.ReadAllText(output);
        Assert.Contains("| two | fp32 | 1 |", report);
        Assert.DoesNotContain(
            Directory.GetFiles(Path.GetDirectoryName(output)!), f => f.EndsWith(".tmp"));
    }

    [AssetFact]
    public void Quantized_models_have_a_target_and_give_the_same_answers()
    {
        CliResult result = Cli.Bench(
            "compare", Assets.Tflite("ad_int8"), "--json", "--threads", "1", "--seconds", "0.05");
        Assert.Equal(0, result.Code);
        using var document = JsonDocument.Parse(result.Output);
        JsonElement row = document.RootElement.GetProperty("rows")[0];
        Assert.Equal("int8", row.GetProperty("dtype").GetString());
        Assert.Equal(0.066, row.GetProperty("target").GetDouble());
        Assert.Contains(row.GetProperty("answers").GetString(), new[] { "equal", "within a step" });
        Assert.StartsWith("FullyConnected ", row.GetProperty("profile").GetString());
        Assert.Equal(
            row.GetProperty("ratio").GetDouble() <= 0.066, row.GetProperty("holds").GetBoolean());
    }

    [AssetFact]
    public void A_model_that_onnx_can_not_say_is_measured_alone()
    {
        CliResult result = Cli.Bench(
            "compare", Assets.Tflite("audio_preprocessor_int8"), "--json", "--threads", "1",
            "--seconds", "0.05");
        Assert.Equal(0, result.Code);
        using var document = JsonDocument.Parse(result.Output);
        JsonElement row = document.RootElement.GetProperty("rows")[0];
        Assert.True(row.GetProperty("oursUs").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, row.GetProperty("ortUs").ValueKind);
        Assert.Contains("can't be said in ONNX", row.GetProperty("note").GetString());
    }

    [Fact]
    public void Kernels_lists_every_row_of_a_shape()
    {
        CliResult result = Cli.Bench(
            "kernels", "--seconds", "0.01", "--filter", "depthwise int8 vww 3×3×256");
        Assert.Equal((0, ""), (result.Code, result.Error));
        string[] lines = result.Output.TrimEnd().Split('\n');
        Assert.StartsWith("| kernel | shape | row |", lines[0]);
        Assert.Contains(lines, l => l.StartsWith("| depthwise int8 | vww 3×3×256 | Scalar |"));
        Assert.EndsWith("| 1.00 |", lines[2]);
    }

    [Fact]
    public void Generated_models_load()
    {
        string folder = Path.Combine(models.Folder, "generated");
        Assert.Equal(0, Cli.Bench("generate", folder).Code);
        string[] files = [.. Directory.GetFiles(folder).Order()];
        Assert.Equal(
            [
                "mobilenet_v1_1.0_224_fp32.edl", "mobilenet_v1_1.0_224_int8.edl",
                "mobilenet_v2_1.0_224_fp32.edl", "mobilenet_v2_1.0_224_int8.edl",
            ],
            files.Select(Path.GetFileName));
        foreach (string file in files)
        {
            using Model model = Model.Load(file);
            Assert.Equal(1001, model.Main.Values[model.Main.Outputs[0]].Shape.Elements);
        }
    }
}
