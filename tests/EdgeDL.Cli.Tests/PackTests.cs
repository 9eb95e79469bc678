using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdgeDL.Graphs;
using EdgeDL.Testing;

namespace EdgeDL.Cli.Tests;

/// <summary>edgedl-pack on real models: what it writes, what it says, how it ends.</summary>
public sealed class PackTests(SmallModels models) : IClassFixture<SmallModels>
{
    [AssetFact]
    public void A_model_becomes_a_file_with_labels_preprocessing_and_source()
    {
        string target = Path.Combine(models.Folder, "kws.edl");
        string labels = models.File("words.txt", "down\ngo\n"u8.ToArray());
        CliResult result = Cli.Pack(
            "convert", Assets.Tflite("kws_int8"), "-o", target, "--labels", labels,
            "--preprocess", "image,mean=3,scale=0.5,resize=crop");
        Assert.Equal((0, ""), (result.Code, result.Error));
        using Model model = Model.Load(target);
        Assert.Equal(["down", "go"], model.Labels);
        Assert.Equal("kws_int8.tflite", model.Metadata["source"]);
        Preprocessing made = Assert.Single(model.Preprocessing);
        Assert.Equal((3f, 0.5f, ResizeMode.CenterCrop), (made.Mean, made.Scale, made.Resize));
        Assert.Contains("arena", result.Output);
    }

    [AssetFact]
    public void Verbose_lists_the_passes()
    {
        CliResult result = Cli.Pack(
            "convert", Assets.Tflite("ad_int8"), "-o", Path.Combine(models.Folder, "v.edl"), "-v");
        Assert.Equal(0, result.Code);
        foreach (string pass in EdgeDL.Convert.Passes.PassPipeline.Names)
        {
            Assert.Contains($"{pass}: ", result.Error);
        }
    }

    [AssetFact]
    public void Inspect_says_the_same_as_text_json_and_page()
    {
        string page = Path.Combine(models.Folder, "kws.html");
        string model = Assets.Tflite("kws_int8");
        using JsonDocument json = JsonDocument.Parse(Cli.Pack("inspect", model, "--json").Output);
        long arena = json.RootElement.GetProperty("arenaBytes").GetInt64();
        Assert.Equal(
            arena, json.RootElement.GetProperty("lowerBoundBytes").GetInt64());
        Assert.Contains($"({arena} B)", Cli.Pack("inspect", model).Output);
        int transposes = json.RootElement.GetProperty("transposes").GetInt32();
        Assert.Contains($"transpose {transposes} left", Cli.Pack("inspect", model).Output);
        Assert.Equal(0, Cli.Pack("inspect", model, "--html", page).Code);
        string html = File.ReadAllText(page);
        Assert.Contains($"({arena} B)", html);

        // The picture is well-formed, and has a bar a storage.
        int start = html.IndexOf("<svg", StringComparison.Ordinal);
        int end = html.IndexOf("</svg>", StringComparison.Ordinal) + "</svg>".Length;
        XElement svg = XElement.Parse(html[start..end]);
        Assert.Equal(
            json.RootElement.GetProperty("storages").GetArrayLength(),
                svg.Elements("rect").Count());
    }

    [AssetFact]
    public void Max_arena_cuts_layers_into_patches_and_says_what_it_costs()
    {
        string model = Assets.Tflite("vww_int8");
        string target = Path.Combine(models.Folder, "patched.edl");
        CliResult made = Cli.Pack("convert", model, "-o", target, "--max-arena", "44K");
        Assert.Equal(0, made.Code);
        Assert.Matches("arena 54.0 KiB .* saved; MACs 7.5 M -> .* % repeated", made.Output);
        string inspected = Cli.Pack("inspect", target).Output;
        Assert.Contains("Patches", inspected);
        Assert.Matches("graph '.*', called by #0, [0-9]+ times", inspected);
        Assert.Equal(0, Cli.Pack("verify", target, "--against", model).Code);

        CliResult refused = Cli.Pack("convert", model, "-o", target, "--max-arena", "20K");
        Assert.Equal(4, refused.Code);
        Assert.Contains("needs at least", refused.Error);
        CliResult wrong = Cli.Pack("convert", model, "-o", target, "--max-arena", "much");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("256K", wrong.Error);
    }

    [AssetFact]
    public void Verify_passes_on_goldens_and_fails_on_one_wrong_byte()
    {
        string model = Assets.Tflite("kws_int8");
        string golden = Assets.PathOf("golden/kws_int8");
        Assert.Equal(0, Cli.Pack("verify", model, "--golden", golden).Code);

        string copy = Directory.CreateDirectory(Path.Combine(models.Folder, "golden")).FullName;
        File.WriteAllBytes(
            Path.Combine(copy, "0_in0.bin"), Assets.Bytes("golden/kws_int8/0_in0.bin"));
        byte[] output = Assets.Bytes("golden/kws_int8/0_out0.bin");
        output[3] ^= 1;
        File.WriteAllBytes(Path.Combine(copy, "0_out0.bin"), output);
        CliResult wrong = Cli.Pack("verify", model, "--golden", copy);
        Assert.Equal(1, wrong.Code);
        Assert.Contains("1 of 12 values differ, by at most 1 steps", wrong.Output);
        Assert.Equal(0, Cli.Pack("verify", model, "--golden", copy, "--steps", "1").Code);
    }

    [AssetFact]
    public void Verify_against_another_model_names_the_first_layer_that_diverges()
    {
        string int8 = Assets.Tflite("ic_int8"), fp32 = Assets.Tflite("ic_fp32");
        Assert.Equal(0, Cli.Pack("verify", int8, "--against", int8, "--runs", "1").Code);
        CliResult apart = Cli.Pack(
            "verify", int8, "--against", fp32, "--runs", "1", "--tolerance", "1e-7");
        Assert.Equal(1, apart.Code);
        Assert.Contains("<- the first that diverges", apart.Output);
    }

    [AssetFact]
    public void Diff_is_silent_on_equal_models_and_names_what_differs()
    {
        string a = Assets.Tflite("ic_int8");
        Assert.Equal(0, Cli.Pack("diff", a, a).Code);
        CliResult differ = Cli.Pack("diff", a, Assets.Tflite("vww_int8"));
        Assert.Equal(1, differ.Code);
        Assert.Contains("arena bytes", differ.Output);
    }

    [Fact]
    public void Bad_usage_is_2_and_a_bad_model_4_in_one_line()
    {
        Assert.Equal(2, Cli.Pack("convert").Code);
        Assert.Equal(2, Cli.Pack("convert", "/no/such/file").Code);
        Assert.Equal(2, Cli.Pack("verify", models.Two).Code);
        Assert.Equal(2, Cli.Pack("inspect", models.Two, "--no-such-option").Code);
        string junk = models.File("junk.tflite", new byte[100]);
        CliResult rejected = Cli.Pack("convert", junk);
        Assert.Equal(4, rejected.Code);
        Assert.Contains("neither a .tflite nor a", rejected.ErrorLine);
        Assert.False(File.Exists(Path.ChangeExtension(junk, ".edl")));
    }

    [Fact]
    public void Operators_that_are_missing_are_4_and_all_told_in_one_line()
    {
        // x → Nope 'first' → Never 'second' → y, opset 17.
        string file = models.File("nope.onnx", System.Convert.FromBase64String(
            "CAgSADpRChMKAXgSAWEaBWZpcnN0IgROb3BlChUKAWESAXkaBnNlY29uZCIFTmV2ZXISAWdaDwoBeBIK"
            + "CggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABAR"));
        CliResult rejected = Cli.Pack("convert", file);
        Assert.Equal(4, rejected.Code);
        Assert.Contains("Nope (opset 17) at 'first'", rejected.ErrorLine);
        Assert.Contains("Never (opset 17) at 'second'", rejected.ErrorLine);
        Assert.Contains("ONNX Runtime", rejected.ErrorLine);
        Assert.False(File.Exists(Path.ChangeExtension(file, ".edl")));
    }

    [AssetTheory]
    [MemberData(nameof(Largest))]
    public void The_largest_models_convert_in_little_memory(string file)
    {
        const double MostBytes = 400e6;
        CliResult told = Cli.Pack("convert", Assets.PathOf(file),
            "-o", Path.Combine(models.Folder, "large.edl"), "--verbose");
        Assert.Equal(0, told.Code);
        Match took = Regex.Match(
            told.Error, @"took \d+\.\d\d s, at most .*\((\d+) B\) of memory");
        Assert.True(took.Success, told.Error);
        double bytes = double.Parse(took.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(bytes, 1, MostBytes);
    }

    /// <summary>The largest file of each format, and the one of most operators.</summary>
    public static TheoryData<string> Largest =>
    [
        .. new[]
        {
            Assets.Files("", ".onnx").MaxBy(Length), Assets.TfliteModels().MaxBy(Length),
            "onnx/mobilenet_v3_qdq/model.onnx",
        }.OfType<string>().Distinct(),
    ];

    static long Length(string file) => new FileInfo(Assets.PathOf(file)).Length;

    [Fact]
    public void Shapes_and_values_of_the_wrong_form_are_2()
    {
        string file = models.File("x.onnx", new byte[10]);
        Assert.Equal(2, Cli.Pack("convert", file, "--input-shape", "x=1xax2").Code);
        Assert.Equal(2, Cli.Pack("convert", file, "--input-value", "x=one").Code);
    }

    [Fact]
    public void Dimensions_are_fixed_by_name()
    {
        // x [batch, sequence, 4] → Relu → y.
        string file = models.File("open.onnx", System.Convert.FromBase64String(
            "CAgSADpgCg8KAXgSAXkaAXIiBFJlbHUSAWdaJAoBeBIfCh0IARIZCgcSBWJhdGNoCgoSCHNlcXVlbmNlCgII"
            + "BGIkCgF5Eh8KHQgBEhkKBxIFYmF0Y2gKChIIc2VxdWVuY2UKAggEQgQKABAR"));
        CliResult open = Cli.Pack("convert", file);
        Assert.Equal(4, open.Code);
        Assert.Contains("open dimensions: sequence (axis 1 of 'x')", open.ErrorLine);
        string edl = Path.Combine(models.Folder, "open.edl");
        Assert.Equal(0, Cli.Pack("convert", file, "--dim", "batch=2", "--dim", "sequence=8").Code);
        Assert.Contains("2x8x4", Cli.Pack("inspect", edl).Output);
        Assert.Equal(0, Cli.Pack("convert", file, "--dim", "sequence=9;batch=2").Code);
        Assert.Contains("2x9x4", Cli.Pack("inspect", edl).Output);
        Assert.Equal(2, Cli.Pack("convert", file, "--dim", "sequence=none").Code);
        CliResult unknown = Cli.Pack("convert", file, "--dim", "time=8");
        Assert.Equal(2, unknown.Code);
        Assert.Contains("it has: batch, sequence", unknown.ErrorLine);
    }

    [AssetFact]
    public void A_cut_model_is_rejected_and_leaves_no_file()
    {
        byte[] bytes = Assets.Bytes("mlperf-tiny/kws_int8.tflite");
        string cut = models.File("cut.tflite", bytes[..(bytes.Length / 2)]);
        CliResult result = Cli.Pack("convert", cut);
        Assert.Equal(4, result.Code);
        Assert.NotEqual("", result.ErrorLine);
        Assert.Empty(Directory.GetFiles(models.Folder, "*cut*.edl*"));
    }

    [Theory]
    [InlineData("convert")]
    [InlineData("inspect")]
    [InlineData("verify")]
    [InlineData("export")]
    [InlineData("diff")]
    public void Help_shows_examples(string command)
    {
        CliResult help = Cli.Pack(command, "--help");
        Assert.Equal(0, help.Code);
        Assert.Contains($"edgedl-pack {command}", help.Output);
    }
}
