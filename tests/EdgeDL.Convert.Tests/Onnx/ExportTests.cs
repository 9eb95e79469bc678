using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Export;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Real models, imported, packed, exported as ONNX, and run by ONNX Runtime.</summary>
public sealed class ExportTests
{
    /// <summary>Models with an op that ONNX does not have, and that op.</summary>
    static readonly Dictionary<string, string> WithoutEquivalent = new()
    {
        ["detect/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite"] = "DetectionPostProcess",
        ["micro/audio_preprocessor_float.tflite"] = "SignalWindow",
        ["micro/audio_preprocessor_int8.tflite"] = "SignalWindow",
    };

    const int Runs = 20;

    /// <summary>Nets of floats that take pixels not in 0…1.</summary>
    static readonly Dictionary<string, float> PixelRanges = new()
    {
        ["detect/yunet_n_320.onnx"] = 255,
        ["onnx/tiny_ic.onnx"] = 255,
        ["mlperf-tiny/ic_fp32.tflite"] = 255,
    };

    public static TheoryData<string> Models =>
        [.. All.Where(m => !WithoutEquivalent.ContainsKey(m))];

    public static TheoryData<string> Refused => [.. WithoutEquivalent.Keys];

    static IEnumerable<string> All => Assets.TfliteModels().Concat(Assets.Files("", ".onnx"));

    [AssetTheory]
    [MemberData(nameof(Models))]
    public void Gives_the_same_answers_in_onnx_runtime(string file)
    {
        using Model model = Packed(file);
        byte[] onnx = OnnxExporter.Export(model);
        ExportCheck.SameAnswers(model, onnx, Runs, (x, random) =>
        {
            if (file == OnnxModelTests.Quantized)
            {
                Photos.Normalized(x.Shape, random).CopyTo(x.AsSpan<float>());
            }
            else if (Photos.Fit(x.Shape))
            {
                Photos.Fill(x, random, PixelRanges.GetValueOrDefault(file, 1));
            }
            else
            {
                ExportCheck.Fill(x, random);
            }
        });
    }

    [AssetTheory]
    [MemberData(nameof(Refused))]
    public void Names_every_node_without_an_equivalent(string file)
    {
        using Model model = Packed(file);
        var refusal = Assert.Throws<InvalidModelException>(() => OnnxExporter.Export(model));
        Assert.Contains($"({WithoutEquivalent[file]}): ONNX has no equivalent", refusal.Message);
    }

    [AssetTheory]
    [InlineData("mlperf-tiny/ic_fp32.tflite")]
    [InlineData("mlperf-tiny/vww_int8.tflite")]
    [InlineData("imagenet/mobilenet_v2_1.0_224_quant.tflite")]
    [InlineData("detect/FastestDet.onnx")]
    public void Needs_no_transposition_between_layers(string file)
    {
        using Model model = Packed(file);
        ModelProto proto = ModelProto.Parser.ParseFrom(OnnxExporter.Export(model));
        Assert.InRange(proto.Graph.Node.Count(n => n.OpType == "Transpose"), 0, 1);
    }

    [AssetFact]
    public void Says_all_that_a_viewer_asks()
    {
        using Model model = Packed("mlperf-tiny/kws_int8.tflite");
        model.Labels.AddRange(["down", "go"]);
        ModelProto proto = ModelProto.Parser.ParseFrom(OnnxExporter.Export(model));
        Assert.Equal((8, 17), (proto.IrVersion, Assert.Single(proto.OpsetImport).Version));
        Assert.Equal("EdgeDL", proto.ProducerName);
        Assert.Contains(proto.MetadataProps, p => p.Key == "labels" && p.Value == "down\ngo");
        string[] made = [.. proto.Graph.Node.SelectMany(n => n.Output)];
        string[] known =
        [
            .. proto.Graph.ValueInfo.Select(v => v.Name), .. proto.Graph.Output.Select(v => v.Name),
        ];
        Assert.Equal(made.Order(), known.Order());
        Assert.Equal(made.Length, made.Distinct().Count());
        Assert.Equal(
            proto.Graph.Node.Count, proto.Graph.Node.Select(n => n.Name).Distinct().Count());
        Assert.Equal(model.Main.Values[model.Main.Inputs[0]].Name, proto.Graph.Input[0].Name);
    }

    [AssetFact]
    public void A_part_of_a_graph_has_its_borders_as_inputs_and_outputs()
    {
        using Model model = Packed("mlperf-tiny/ic_fp32.tflite");
        Node[] nodes = [.. model.Main.Nodes];
        OnnxSlice slice = OnnxExporter.Export(model, [2, 3, 4]);
        int[] made = [.. nodes[2..5].SelectMany(n => n.Outputs)];
        Assert.All(slice.Inputs, v => Assert.DoesNotContain(v, made));
        Assert.All(slice.Outputs, v => Assert.Contains(v, made));
        using var ort = new OnnxRuntime.OrtModel(slice.Bytes);
        Assert.Equal(slice.InputNames, ort.Inputs.Select(i => i.Name));
        Assert.Equal(slice.OutputNames, ort.Outputs.Select(o => o.Name));
        ExportCheck.SliceAnswers(model, slice, ort);
    }

    static Model Packed(string file)
    {
        using Model made = Converter.Convert(Assets.PathOf(file), new ImportOptions());
        return Model.Load(made.ToBytes(), OpSet.All);
    }
}
