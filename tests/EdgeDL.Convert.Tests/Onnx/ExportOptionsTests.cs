using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>The forms in which a graph may be said.</summary>
public sealed class ExportOptionsTests
{
    const int Size = 6;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Every_form_gives_the_same_answers(bool isUnsigned, bool channelsFirst)
    {
        using Model model = Net();
        byte[] onnx = OnnxExporter.Export(model, new OnnxExportOptions
        {
            UnsignedActivations = isUnsigned,
            ChannelsFirstInputs = channelsFirst ? [0] : [],
        });
        ModelProto proto = ModelProto.Parser.ParseFrom(onnx);
        var type = (DataType)proto.Graph.Input[0].Type.TensorType.ElemType;
        Assert.Equal(isUnsigned ? DataType.Uint8 : DataType.Int8, type);
        DataType[] weights =
            [.. proto.Graph.Initializer.Where(i => i.Dims.Count == 4).Select(
                i => (DataType)i.DataType)];
        Assert.Equal([DataType.Int8, DataType.Int8], weights);

        using var session = new Session(model);
        using var ort = new OrtModel(onnx);
        byte[] bytes = new byte[Size * Size * 2];
        new Random(1).NextBytes(bytes);
        bytes.CopyTo(session.Input(0).AsBytes());
        session.Run();
        byte flip = isUnsigned ? (byte)0x80 : (byte)0;
        byte[] said = [.. (channelsFirst ? Turned(bytes) : bytes).Select(b => (byte)(b ^ flip))];
        OrtPort port = ort.Inputs[0];
        OrtTensor answer = ort.Run([
            new OrtTensor(port.Name, port.DType, new Shape(port.Dims), said),
        ])[0];
        byte[] theirs = [.. answer.Bytes.Select(b => (byte)(b ^ flip))];
        for (int i = 0; i < theirs.Length; i++)
        {
            Assert.InRange((sbyte)theirs[i] - (sbyte)session.Output(0).AsBytes()[i], -1, 1);
        }
    }

    [Fact]
    public void An_activation_that_the_type_clamps_to_is_not_said()
    {
        using Model model = Net();
        ModelProto proto = ModelProto.Parser.ParseFrom(OnnxExporter.Export(model));

        // The first ends where its integers end; the second would go on to 12.75.
        Assert.Single(proto.Graph.Node, n => n.OpType == "Clip");
    }

    [Fact]
    public void Constants_beside_unsigned_activations_are_unsigned_too()
    {
        var b = new GraphBuilder("sum");
        var quant = new Quantization(0.1f, -3);
        int x = b.Input("x", DType.Int8, new Shape(1, 2), quant);
        int y = b.Constant<sbyte>("y", new Shape(1, 2), [-3, 7], quant);
        b.Output(b.Node(new Add(Activation.None), "sum", [x, y], quant));
        using var ort = new OrtModel(OnnxExporter.Export(
            b.Model, new OnnxExportOptions { UnsignedActivations = true }));
        OrtTensor sum = ort.Run([
            new OrtTensor("x", DType.UInt8, new Shape(1, 2), [125, 130]),
        ])[0];
        Assert.Equal([125, 140], sum.Bytes);
    }

    // Two convolutions with relu6: of a range of exactly 6, and of a wider one.
    static Model Net()
    {
        var b = new GraphBuilder("net");
        int x = b.Input(
            "x", DType.Int8, new Shape(1, Size, Size, 2), new Quantization(0.05f, 4));
        x = Conv(b, "exact", x, new Quantization(6 / 255f, -128));
        b.Output(Conv(b, "wide", x, new Quantization(0.05f, -128)));
        return b.Model;
    }

    static int Conv(GraphBuilder b, string name, int x, Quantization result)
    {
        int channels = b[x].Shape[3];
        var weights = new sbyte[3 * channels];
        new Random(name.Length).NextBytes((byte[])(Array)weights);
        int w = b.Constant<sbyte>(
            $"{name}/w", new Shape(3, 1, 1, channels), weights,
            new Quantization([0.01f, 0.02f, 0.03f], [0], axis: 0));
        var window = new ConvWindow2D(ConvAxis.Unit, ConvAxis.Unit);
        return b.Node(new Conv2D(window, Activation.Relu6), name, [x, w], result);
    }

    static byte[] Turned(byte[] last)
    {
        var first = new byte[last.Length];
        for (int i = 0; i < last.Length; i++)
        {
            first[(i % 2 * Size * Size) + (i / 2)] = last[i];
        }

        return first;
    }
}
