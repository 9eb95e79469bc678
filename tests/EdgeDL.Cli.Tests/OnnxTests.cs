using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Cli.Tests;

/// <summary>edgedl-pack export, and verify with ONNX Runtime as the oracle.</summary>
public sealed class OnnxTests(SmallModels models) : IClassFixture<SmallModels>
{
    [Fact]
    public void What_is_exported_verifies()
    {
        string onnx = Path.Combine(models.Folder, "colour.onnx");
        CliResult export = Cli.Pack("export", models.Colour, "--onnx", onnx);
        Assert.Equal((0, ""), (export.Code, export.Error));
        Assert.Contains(onnx, export.Output);
        CliResult verify = Cli.Pack("verify", models.Colour, "--against", onnx, "--runs", "3");
        Assert.Equal((0, ""), (verify.Code, verify.Error));
        Assert.Contains("output 0 'colours', worst of 3 runs", verify.Output);
        Assert.Contains("1 layers have the same name in both", verify.Output);
    }

    [AssetFact]
    public void Verify_names_the_first_layer_that_diverges()
    {
        string net = Assets.Tflite("ic_fp32");
        string onnx = Path.Combine(models.Folder, "ic.onnx");
        Assert.Equal(0, Cli.Pack("export", net, "--onnx", onnx).Code);
        Assert.Equal(0, Cli.Pack("verify", net, "--against", onnx, "--runs", "1").Code);

        // Other weights in the third layer.
        string edl = Path.Combine(models.Folder, "ic.edl");
        Assert.Equal(0, Cli.Pack("convert", net, "-o", edl).Code);
        string[] names;
        using (Model model = Model.Load(edl))
        {
            Node[] convolutions = [.. model.Main.Nodes.Where(n => n.Op is Conv2D)];
            Value weights = model.Main.Values[convolutions[2].Inputs[1]];
            byte[] bytes = weights.Constant!.Span.ToArray();
            bytes.AsSpan(0, 4).Clear();
            BitConverter.TryWriteBytes(bytes, 5f);
            weights.Constant = Constant.Copy(bytes.AsSpan());
            names = [.. convolutions.Select(n => model.Main.Values[n.Outputs[0]].Name)];
            File.WriteAllBytes(edl + ".other", model.ToBytes());
        }

        CliResult apart = Cli.Pack("verify", edl + ".other", "--against", onnx, "--runs", "1");
        Assert.Equal(1, apart.Code);
        string first = Assert.Single(
            apart.Output.Split('\n'), l => l.Contains("<- the first that diverges"));
        Assert.Contains(names[2], first);
    }

    [AssetTheory]
    [InlineData("detect/FastestDet.onnx")]
    [InlineData("detect/yunet_n_320.onnx")]
    [InlineData("onnx/tiny_ic.onnx")]
    public void Every_layer_of_an_imported_file_is_what_it_was(string file)
    {
        string onnx = Assets.PathOf(file);
        CliResult result = Cli.Pack("verify", onnx, "--against", onnx, "--runs", "1");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.DoesNotContain("diverges", result.Output);
    }

    [AssetFact]
    public void Given_inputs_are_taken_from_golden_files()
    {
        string net = Assets.Tflite("kws_int8");
        string onnx = Path.Combine(models.Folder, "kws.onnx");
        Assert.Equal(0, Cli.Pack("export", net, "--onnx", onnx).Code);
        CliResult result = Cli.Pack(
            "verify", net, "--against", onnx, "--golden", Assets.PathOf("golden/kws_int8"));
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("output 0", result.Output);
    }

    [AssetFact]
    public void What_onnx_cant_say_is_4_in_one_line_and_leaves_no_file()
    {
        string onnx = Path.Combine(models.Folder, "audio.onnx");
        CliResult result = Cli.Pack(
            "export", Assets.Tflite("audio_preprocessor_int8"), "--onnx", onnx);
        Assert.Equal(4, result.Code);
        Assert.Contains("(SignalWindow): ONNX has no equivalent op", result.ErrorLine);
        Assert.False(File.Exists(onnx));
    }

    [Fact]
    public void A_model_is_not_overwritten_by_its_export()
    {
        string onnx = models.File("same.onnx", [1]);
        Assert.Equal(2, Cli.Pack("export", onnx).Code);
        Assert.Equal(1, new FileInfo(onnx).Length);
        Assert.Equal(2, Cli.Pack("verify", models.Two, "--against", "/no/such.onnx").Code);
        CliResult rejected = Cli.Pack("verify", models.Two, "--against", onnx);
        Assert.Equal(4, rejected.Code);
        Assert.Contains("neither a .tflite nor a sound .onnx file", rejected.ErrorLine);
    }

    [Fact]
    public void Without_the_library_verify_says_where_it_belongs()
    {
        string bare = Directory.CreateDirectory(Path.Combine(models.Folder, "bare")).FullName;
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
        {
            File.Copy(file, Path.Combine(bare, Path.GetFileName(file)));
        }

        const string Settings = "edgedl-pack.runtimeconfig.json";
        File.Copy(Path.Combine(AppContext.BaseDirectory, Settings), Path.Combine(bare, Settings));
        string onnx = Path.Combine(models.Folder, "two.onnx");
        Assert.Equal(0, Cli.Pack("export", models.Two, "--onnx", onnx).Code);
        CliResult result = Cli.PackIn(bare, "verify", models.Two, "--against", onnx);
        Assert.Equal(4, result.Code);
        Assert.Contains(
            "libonnxruntime.so can't be loaded; put it beside the program", result.ErrorLine);
    }
}
