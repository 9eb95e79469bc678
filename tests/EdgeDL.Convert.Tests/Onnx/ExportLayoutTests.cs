using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Exports go channels first, and back, no oftener than the model itself does.</summary>
public sealed class ExportLayoutTests
{
    [Fact]
    public void Halves_of_channels_are_taken_where_they_lie()
    {
        // The shuffle of ShuffleNet V2: even channels go on, odd ones join behind.
        OnnxWriter file = Net()
            .Constant("pairs", DataType.Int64, [4], 4L, 2, 5, 5)
            .Constant("even", DataType.Int64, [], 0L).Constant("odd", DataType.Int64, [], 1L)
            .Constant("all", DataType.Int64, [4], 1L, 4, 5, 5)
            .Node("Reshape", ["a", "pairs"], ["p"])
            .Node("Gather", ["p", "even"], ["e"], OnnxWriter.Attribute("axis", 1L))
            .Node("Gather", ["p", "odd"], ["o"], OnnxWriter.Attribute("axis", 1L))
            .Node("Reshape", ["e", "all"], ["e4"]).Node("Reshape", ["o", "all"], ["o4"])
            .Node("Conv", ["e4", "v"], ["c"])
            .Node("Concat", ["c", "o4"], ["j"], OnnxWriter.Attribute("axis", 1L))
            .Node("Conv", ["j", "w"], ["y"]).Output("y");
        Assert.Equal(0, Transpositions(file));
    }

    [Fact]
    public void A_shuffle_costs_no_more_than_one_transposition_beside_its_own()
    {
        OnnxWriter file = Net()
            .Constant("groups", DataType.Int64, [5], 1L, 2, 4, 5, 5)
            .Constant("flat", DataType.Int64, [4], 1L, 8, 5, 5)
            .Node("Reshape", ["a", "groups"], ["g"])
            .Node("Transpose", ["g"], ["t"], OnnxWriter.Attribute("perm", [0, 2, 1, 3, 4]))
            .Node("Reshape", ["t", "flat"], ["s"]).Node("Conv", ["s", "w"], ["y"]).Output("y");
        Assert.InRange(Transpositions(file), 1, 2);
    }

    // x [1, 8, 5, 5] → Conv → a, and weights for more.
    static OnnxWriter Net()
    {
        static float[] Weights(int count) =>
            [.. Enumerable.Range(0, count).Select(i => ((i * 37 % 101) - 50) / 100f)];

        return new OnnxWriter().Input("x", DataType.Float, 1, 8, 5, 5)
            .Constant("w", DataType.Float, [8, 8, 1, 1], Weights(64))
            .Constant("v", DataType.Float, [4, 4, 1, 1], Weights(16))
            .Node("Conv", ["x", "w"], ["a"]);
    }

    static int Transpositions(OnnxWriter file)
    {
        file.Graph.Output[0].Type.TensorType.Shape = null;
        using Model converted = Converter.Convert(file.Bytes, new ImportOptions());
        using Model model = Model.Load(converted.ToBytes(), OpSet.All);
        byte[] onnx = OnnxExporter.Export(model);
        ExportCheck.SameAnswers(model, onnx, runs: 3);
        return ModelProto.Parser.ParseFrom(onnx).Graph.Node.Count(n => n.OpType == "Transpose");
    }
}
