using EdgeDL.Convert.Tflite;
using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Tflite;

public sealed class TfliteModelTests
{
    public static TheoryData<string> Models => [.. Assets.TfliteModels()];

    [AssetTheory, MemberData(nameof(Models))]
    public void Every_real_file_parses(string path)
    {
        TfliteModel model = TfliteModel.Parse(Assets.Bytes(path));

        TfliteSubgraph main = model.Subgraphs[0];
        Assert.NotEmpty(main.Operators);
        Assert.NotEmpty(main.Inputs);
        Assert.NotEmpty(main.Outputs);
        Assert.All(main.Operators, o => Assert.True(Enum.IsDefined(o.Builtin)));
    }

    [AssetFact]
    public void Per_channel_weights_keep_their_axis()
    {
        TfliteModel model = TfliteModel.Parse(Assets.Bytes("mlperf-tiny/kws_int8.tflite"));
        TfliteSubgraph main = model.Subgraphs[0];
        TfliteOperator depthwise = Array.Find(
            main.Operators, o => o.Builtin == BuiltinOperator.DEPTHWISE_CONV_2D)!;
        TfliteTensor filter = main.Tensors[depthwise.Inputs[1]];

        Assert.Equal(3, filter.Quantization!.Axis);
        Assert.Equal(filter.Dims[3], filter.Quantization.Scales.Length);
        Assert.Equal(1, depthwise.Options(Options.DepthwiseConv2D.Kind)
            .Int(Options.DepthwiseConv2D.StrideW));
    }

    [AssetFact]
    public void Labels_come_out_of_the_archive_behind_the_model()
    {
        TfliteModel model = TfliteModel.Parse(
            Assets.Bytes("imagenet/mobilenet_v1_0.25_224_quant.tflite"));

        TfliteMetadata metadata = TfliteMetadata.Read(model);

        Assert.Empty(metadata.Notes);
        Assert.Equal(1001, metadata.Labels.Count);
        Assert.Equal("background", metadata.Labels[0]);
        Assert.True(metadata.Inputs[0]!.IsImage);
        Assert.Equal(127.5f, metadata.Inputs[0]!.Mean);
    }

    [AssetFact]
    public void Custom_options_are_a_map_of_numbers()
    {
        TfliteModel model = TfliteModel.Parse(Assets.Bytes(
            "detect/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29.tflite"));
        TfliteOperator post = Array.Find(
            model.Subgraphs[0].Operators, o => o.CustomCode == "TFLite_Detection_PostProcess")!;

        var options = new FlexMap(post.CustomOptions, post.OpName);

        Assert.Equal(10, options.Int("max_detections"));
        Assert.Equal(90, options.Int("num_classes"));
        Assert.Equal(10f, options.Float("y_scale"));
        Assert.Equal(0.6f, options.Float("nms_iou_threshold"), 1e-6f);
    }

    [Theory]
    [InlineData(0, "has 0 bytes")]
    [InlineData(7, "has 7 bytes")]
    [InlineData(8, "file identifier")]
    public void A_file_that_is_no_model_is_refused_with_its_finding(int length, string finding)
    {
        var e = Assert.Throws<InvalidModelException>(() => TfliteModel.Parse(new byte[length]));
        Assert.Contains(finding, e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(e.Remedy);
    }
}
