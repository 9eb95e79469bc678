using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Extents that a file leaves open, by name or without one.</summary>
public sealed class OpenDimensionTests
{
    [Fact]
    public void A_name_is_one_number_in_every_input()
    {
        using Model model = Import(new ImportOptions
        {
            Dimensions = new Dictionary<string, int> { ["batch"] = 2, ["sequence"] = 5 },
        });
        Assert.Equal([new Shape(2, 5, 4), new Shape(2, 5, 1)], Shapes(model));
    }

    [Fact]
    public void The_shape_of_one_input_fixes_the_names_of_others()
    {
        using Model model = Import(new ImportOptions
        {
            InputShapes = new Dictionary<string, int[]> { ["x"] = [3, 7, 4] },
        });
        Assert.Equal([new Shape(3, 7, 4), new Shape(3, 7, 1)], Shapes(model));
    }

    [Fact]
    public void A_batch_that_nobody_fixes_is_1_and_said()
    {
        List<string> said = [];
        using Model model = Import(new ImportOptions
        {
            Dimensions = new Dictionary<string, int> { ["sequence"] = 5 }, Log = said.Add,
        });
        Assert.Equal([new Shape(1, 5, 4), new Shape(1, 5, 1)], Shapes(model));
        Assert.Contains(said, line => line.Contains("--dim batch=N"));
    }

    [Fact]
    public void All_that_stays_open_is_told_at_once()
    {
        var refusal = Assert.Throws<InvalidModelException>(
            () => Import(new ImportOptions(), "sequence", "?"));
        Assert.Contains("sequence (axis 1 of 'x', axis 1 of 'm')", refusal.Message);
        Assert.Contains("axis 2 of 'm', which has no name", refusal.Message);
        Assert.Contains("--dim sequence=N", refusal.Remedy);
        Assert.Contains("--input-shape m=NxNxN", refusal.Remedy);
    }

    [Theory]
    [InlineData("time", 5, "no open dimension 'time', it has: batch, sequence")]
    [InlineData("sequence", 0, "'sequence' can't be 0")]
    public void What_is_not_there_or_can_not_be_is_refused(string name, int extent, string message)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Import(new ImportOptions
        {
            Dimensions = new Dictionary<string, int> { [name] = extent },
        }));
        Assert.Contains(message, refusal.Message);
    }

    [Fact]
    public void A_shape_that_says_otherwise_is_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => Import(new ImportOptions
        {
            Dimensions = new Dictionary<string, int> { ["sequence"] = 5 },
            InputShapes = new Dictionary<string, int[]> { ["x"] = [1, 6, 4] },
        }));
        Assert.Contains(
            "'sequence' is 5, but the shape given for input 'x' makes it 6", refusal.Message);
    }

    static Shape[] Shapes(Model model) =>
        [.. model.Main.Inputs.Select(i => model.Main.Values[i].Shape)];

    // x [batch, sequence, 4] · m [batch, sequence, last]
    static Model Import(ImportOptions options, string name = "sequence", string last = "1")
    {
        OnnxWriter file = new OnnxWriter().Input("x", DataType.Float, 1, 1, 4)
            .Input("m", DataType.Float, 1, 1, 1).Node("Mul", ["x", "m"], ["y"]).Output("y");
        file.Graph.Output[0].Type.TensorType.Shape = null;
        foreach (ValueInfoProto input in file.Graph.Input)
        {
            input.Type.TensorType.Shape.Dim[0].DimParam = "batch";
            input.Type.TensorType.Shape.Dim[1].DimParam = name;
        }

        if (last == "?")
        {
            file.Graph.Input[1].Type.TensorType.Shape.Dim[2] = new();
        }

        return OnnxImporter.Import(file.Bytes, options, folder: null);
    }
}
