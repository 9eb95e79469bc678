using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Convert.Tests.Onnx.Nodes;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using Google.Protobuf;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Weights of 4 bits in blocks stay so: in the file, in the kernel, and in exports.
/// </summary>
public sealed class NarrowWeightTests
{
    public static TheoryData<string> Nodes =>
        [.. NarrowNodes.All.Select(n => n.Name).Where(IsNarrow)];

    // Zero points that are no nibbles, and blocks across columns, are said in fp32.
    static bool IsNarrow(string name) => !name.Contains("float zero") && !name.Contains("order");

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Products_with_nibbles_stay_so(string name)
    {
        SingleNode node = NarrowNodes.All.Single(n => n.Name == name);
        using Model model = Packed(node.Bytes);
        Node layer = Layer(model);
        bool isInt8 = name.Contains("level 4");
        Assert.Equal(isInt8 ? BlockInputs.Int8 : BlockInputs.Float,
            ((BlockFullyConnected)layer.Op).Inputs);
        byte[] onnx = OnnxExporter.Export(model);
        ModelProto proto = ModelProto.Parser.ParseFrom(onnx);
        Assert.Equal("MatMulNBits", Assert.Single(proto.Graph.Node).OpType);
        Assert.Equal(["", "com.microsoft"], proto.OpsetImport.Select(o => o.Domain));
        ExportCheck.SameAnswers(model, onnx, runs: 3);
    }

    [Theory]
    [InlineData("MatMul", 64, 32, false)]
    [InlineData("MatMul", 64, 16, true)]
    [InlineData("Gemm", 64, 32, true)]
    [InlineData("Gemm", 48, 16, false)]
    [InlineData("Gemm transB", 64, 32, false)]
    [InlineData("Gemm transB", 128, 128, true)]
    public void Dequantized_blocks_stay_nibbles(string op, int depth, int block, bool hasZeros)
    {
        byte[] file = Dequantized(op, depth, block, hasZeros);
        using Model model = Packed(file);
        Assert.Equal(BlockInputs.Float, ((BlockFullyConnected)Layer(model).Op).Inputs);
        ExportCheck.SameAnswers(model, file, runs: 5);
        ExportCheck.SameAnswers(model, OnnxExporter.Export(model), runs: 5);
    }

    static Node Layer(Model model)
    {
        Node layer = Assert.Single(model.Main.Nodes);
        Value weights = model.Main.Values[layer.Inputs[1]];
        Assert.Equal(DType.Int4, weights.DType);
        Assert.Equal((weights.Shape.Elements + 1) / 2, weights.Bytes);
        return layer;
    }

    static Model Packed(byte[] file)
    {
        using Model converted = Converter.Convert(file, new ImportOptions());
        return Model.Load(converted.ToBytes(), OpSet.All);
    }

    // x [3, depth] · dequantize(int4) + bias.
    static byte[] Dequantized(string op, int depth, int block, bool hasZeros)
    {
        const int Columns = 5;
        var random = new Random(3);
        bool turned = op == "Gemm transB";
        long[] shape = turned ? [Columns, depth] : [depth, Columns];
        long[] blocks = turned ? [Columns, depth / block] : [depth / block, Columns];
        int count = Columns * depth / block;
        OnnxWriter file = new OnnxWriter(21).Input("x", DataType.Float, 3, depth);
        file.Model.IrVersion = 10;
        Nibbles(file, "w", shape, Columns * depth, random);
        file.Constant("s", DataType.Float, blocks,
            [.. Enumerable.Range(0, count).Select(i => 0.01f * (1 + (i % 4)))]);
        string[] inputs = ["w", "s"];
        if (hasZeros)
        {
            Nibbles(file, "z", blocks, count, random);
            inputs = ["w", "s", "z"];
        }

        file.Node("DequantizeLinear", inputs, ["r"], OnnxWriter.Attribute("axis", turned ? 1L : 0),
            OnnxWriter.Attribute("block_size", (long)block));
        file.Constant("b", DataType.Float, [Columns], 1, 2, 3, 4, 5f);
        _ = op == "MatMul"
            ? file.Node("MatMul", ["x", "r"], ["p"]).Node("Add", ["p", "b"], ["y"])
            : file.Node("Gemm", ["x", "r", "b"], ["y"],
                OnnxWriter.Attribute("transB", turned ? 1L : 0));
        file.Output("y");
        file.Graph.Output[0].Type.TensorType.Shape = null;
        return file.Bytes;
    }

    static void Nibbles(OnnxWriter file, string name, long[] dims, int count, Random random)
    {
        var bytes = new byte[(count + 1) / 2];
        random.NextBytes(bytes);
        var tensor = new TensorProto
        {
            Name = name, DataType = (int)DataType.Int4, RawData = ByteString.CopyFrom(bytes),
        };
        tensor.Dims.AddRange(dims);
        file.Graph.Initializer.Add(tensor);
    }
}
