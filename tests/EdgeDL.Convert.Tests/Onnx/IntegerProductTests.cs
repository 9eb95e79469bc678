using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Convert.Tests.Onnx.Nodes;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Integer operators run on integers, and give ONNX Runtime's bits.</summary>
public sealed class IntegerProductTests
{
    static readonly string[] operators = ["ConvInteger", "DynamicQuantizeLinear", "MatMulInteger"];

    public static TheoryData<string> Nodes =>
        [.. QuantNodes.All.Where(n => operators.Contains(n.Operator)).Select(n => n.Name)];

    [Theory]
    [MemberData(nameof(Nodes))]
    public void No_step_of_it_is_in_floats(string name)
    {
        SingleNode node = QuantNodes.All.Single(n => n.Name == name);
        using Model model = Packed(node.Bytes);
        Graph graph = model.Main;
        // But what is quantized, and the scale.
        Assert.All(
            graph.Nodes.Where(n => n.Op is not DynamicQuantizeLinear),
            n => Assert.All(n.Outputs, o => Assert.False(graph.Values[o].DType.IsFloat())));
        SameBits(model, node.Bytes);
        SameBits(model, OnnxExporter.Export(model));
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(7, 300)]
    [InlineData(33, 1000)]
    public void A_dynamically_quantized_layer_gives_the_same_bits(int rows, int depth)
    {
        const int Columns = 19;
        var random = new Random(depth);
        byte[] weights = new byte[depth * Columns];
        random.NextBytes(weights);
        byte[] file = new OnnxWriter().Input("x", DataType.Float, rows, depth)
            .Constant("w", DataType.Int8, [depth, Columns], weights)
            .Constant("wz", DataType.Int8, [], (sbyte)3)
            .Node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"])
            .Node("MatMulInteger", ["q", "w", "z", "wz"], ["y"])
            .Output("y", DataType.Int32).Output("q", DataType.Uint8).Output("s")
            .Output("z", DataType.Uint8).Bytes;
        ModelProto proto = ModelProto.Parser.ParseFrom(file);
        foreach (ValueInfoProto output in proto.Graph.Output)
        {
            output.Type.TensorType.Shape = null;
        }

        file = Google.Protobuf.MessageExtensions.ToByteArray(proto);
        using Model model = Packed(file);
        Assert.Equal(2, model.Main.Nodes.Count);
        SameBits(model, file);
        SameBits(model, OnnxExporter.Export(model));
    }

    [Fact]
    public void Each_row_may_have_a_zero_point()
    {
        OnnxWriter file = new OnnxWriter().Input("x", DataType.Uint8, 2, 3)
            .Constant("w", DataType.Int8, [3, 2], new sbyte[] { 1, -2, 3, 4, -5, 6 })
            .Constant("xz", DataType.Uint8, [2], new byte[] { 10, 200 })
            .Constant("wz", DataType.Int8, [2], new sbyte[] { 1, -7 })
            .Node("MatMulInteger", ["x", "w", "xz", "wz"], ["y"]).Output("y", DataType.Int32);
        file.Graph.Output[0].Type.TensorType.Shape = null;
        using Model model = Packed(file.Bytes);
        using var session = new Session(model);
        byte[] x = [0, 100, 255, 1, 2, 3];
        x.CopyTo(session.Input(0).AsBytes());
        session.Run();
        Assert.Equal(
            [
                (-10 * 0) + (90 * 2) + (245 * -6), (-10 * 5) + (90 * 11) + (245 * 13),
                (-199 * 0) + (-198 * 2) + (-197 * -6), (-199 * 5) + (-198 * 11) + (-197 * 13),
            ],
            session.Output(0).AsSpan<int>().ToArray());
    }

    static Model Packed(byte[] file)
    {
        using Model converted = Converter.Convert(file, new ImportOptions());
        return Model.Load(converted.ToBytes(), OpSet.All);
    }

    static void SameBits(Model model, byte[] onnx)
    {
        using var session = new Session(model);
        using var oracle = new OrtModel(onnx);
        var random = new Random(5);
        for (int run = 0; run < 5; run++)
        {
            var inputs = new List<OrtTensor>();
            for (int i = 0; i < session.InputCount; i++)
            {
                TensorView x = session.Input(i);
                ExportCheck.Fill(x, random);
                inputs.Add(new(x.Name, x.DType, x.Shape, x.AsBytes().ToArray()));
            }

            session.Run();
            foreach (OrtTensor expected in oracle.Run(inputs))
            {
                Assert.Equal(expected.Bytes, session.Output(expected.Name).AsBytes().ToArray());
            }
        }
    }
}
