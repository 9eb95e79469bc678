using System.Diagnostics;
using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using Google.Protobuf;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Published ways to harm a tool by an .onnx file; each is refused by name.</summary>
public sealed class OnnxAttackTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("edgedl-onnx-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("../secret.bin", "not below the model's folder")]
    [InlineData("a/../../secret.bin", "not below the model's folder")]
    [InlineData("/etc/passwd", "not below the model's folder")]
    [InlineData("..\\secret.bin", "not below the model's folder")]
    [InlineData("\u0043:\\secret.bin", "not below the model's folder")]
    [InlineData("", "not below the model's folder")]
    [InlineData("link.bin", "is a link")]
    [InlineData("linked/secret.bin", "is a link")]
    [InlineData("missing.bin", "is not there")]
    public void External_data_stays_in_the_folder(string location, string finding)
    {
        string inner = Directory.CreateDirectory(Path.Combine(folder, "model")).FullName;
        string secret = Path.Combine(folder, "secret.bin");
        File.WriteAllBytes(secret, new byte[16]);
        File.CreateSymbolicLink(Path.Combine(inner, "link.bin"), secret);
        Directory.CreateSymbolicLink(Path.Combine(inner, "linked"), folder);
        InvalidModelException refusal = Assert.Throws<InvalidModelException>(
            () => OnnxImporter.Import(External(location, 16), new ImportOptions(), inner));
        Assert.Contains(finding, refusal.Message);
        Assert.Contains("constant 'w'", refusal.Place);
    }

    [Theory]
    [InlineData("data.bin", 0)]
    [InlineData("sub/data.bin", 8)]
    public void External_data_beside_the_model_is_read(string location, int offset)
    {
        string path = Path.Combine(folder, location);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] file = new byte[16 + offset];
        BitConverter.GetBytes(2.5f).CopyTo(file, offset + 12);
        File.WriteAllBytes(path, file);
        using Model model = OnnxImporter.Import(
            External(location, 16, offset), new ImportOptions(), folder);
        Value w = model.Main.Values.Single(v => v.Constant is not null);
        Assert.Equal(2.5f, w.Constant!.As<float>()[3]);
    }

    [Fact]
    public void A_hard_link_is_a_file_like_any_other()
    {
        string other = Path.Combine(folder, "other.bin");
        string data = Path.Combine(folder, "data.bin");
        File.WriteAllBytes(other, [0, 0, 128, 63, .. new byte[12]]);
        using (Process ln = Process.Start("ln", [other, data]))
        {
            ln.WaitForExit();
        }

        using Model model = OnnxImporter.Import(
            External("data.bin", 16), new ImportOptions(), folder);
        Value w = model.Main.Values.Single(v => v.Constant is not null);
        Assert.Equal(1f, w.Constant!.As<float>()[0]);
    }

    [Theory]
    [InlineData(0, 17)]
    [InlineData(1, 16)]
    [InlineData(long.MaxValue, 16)]
    [InlineData(-1, 16)]
    public void External_data_beyond_the_file_is_refused(long offset, long length)
    {
        File.WriteAllBytes(Path.Combine(folder, "data.bin"), new byte[16]);
        Assert.Throws<InvalidModelException>(() => OnnxImporter.Import(
            External("data.bin", length, offset), new ImportOptions(), folder));
    }

    [Fact]
    public void Tile_bomb() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1000, 1000)
        .Constant("n", DataType.Int64, [2], 1_000_000L, 1_000_000L)
        .Node("Tile", ["x", "n"], ["y"]).Output("y"), "Tile 'Tile of y'");

    [Fact]
    public void Tile_bomb_of_constants_is_not_unfolded()
    {
        byte[] file = new OnnxWriter()
            .Constant("x", DataType.Float, [1], 1f)
            .Constant("n", DataType.Int64, [1], 500_000_000L)
            .Node("Tile", ["x", "n"], ["y"]).Output("y").Bytes;
        long before = GC.GetAllocatedBytesForCurrentThread();
        using Model model = OnnxImporter.Import(file, new ImportOptions(), null);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.Throws<MemoryBudgetException>(() => new Execution.Session(
            model, new Execution.SessionOptions { MemoryBudgetBytes = 64 << 20 }));
    }

    [Fact]
    public void Expand_bomb() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1)
        .Constant("n", DataType.Int64, [3], 100_000L, 100_000L, 100_000L)
        .Node("Expand", ["x", "n"], ["y"]).Output("y"), "Expand of y");

    [Fact]
    public void Constant_bomb() => Refused(new OnnxWriter()
        .Constant("n", DataType.Int64, [2], 40_000L, 40_000L)
        .Node("ConstantOfShape", ["n"], ["y"]).Output("y"), "ConstantOfShape of y");

    [Fact]
    public void Range_bomb() => Refused(new OnnxWriter()
        .Constant("a", DataType.Int64, [], 0L)
        .Constant("b", DataType.Int64, [], 2_000_000_000L)
        .Constant("d", DataType.Int64, [], 1L)
        .Node("Range", ["a", "b", "d"], ["y"]).Output("y", DataType.Int64), "Range of y");

    [Fact]
    public void Pad_bomb() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1)
        .Constant("n", DataType.Int64, [2], long.MaxValue, long.MaxValue)
        .Node("Pad", ["x", "n"], ["y"]).Output("y"), "Pad of y", "y");

    [Fact]
    public void A_long_loop_is_not_copied_out()
    {
        using Model model = Converter.Convert(
            LoopOf(1_000_000_000_000).Bytes, new ImportOptions());
        Assert.InRange(model.Graphs.Sum(g => g.Nodes.Count), 1, 20);
        Assert.Contains(model.Main.Nodes, n => n.Op is Ops.While);
    }

    [Fact]
    public void A_long_loop_runs()
    {
        using Model model = Converter.Convert(LoopOf(1001).Bytes, new ImportOptions());
        using var session = new Execution.Session(model);
        session.Input(0).AsSpan<float>()[0] = 2.5f;
        session.Run();
        Assert.Equal(-2.5f, session.Output(0).AsSpan<float>()[0]);
    }

    [Fact]
    public void Nested_loop_bomb() =>
        Refused(LoopOf(500, inner: LoopOf(500).Graph), "unrolls into more than");

    [Fact]
    public void Scan_over_nothing() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 0, 3)
        .Node("Scan", ["x"], ["y"],
            OnnxWriter.Attribute("num_scan_inputs", 1), OnnxWriter.Attribute("body", Identity()))
        .Output("y"), "Scan of y", "it scans nothing");

    [Fact]
    public void Nodes_in_a_circle() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1)
        .Node("Add", ["x", "b"], ["a"]).Node("Add", ["x", "a"], ["b"]).Output("b"),
        "in a circle");

    [Fact]
    public void A_node_that_feeds_itself() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1).Node("Add", ["x", "a"], ["a"]).Output("a"), "in a circle");

    [Fact]
    public void An_input_that_nothing_computes() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1).Node("Clip", ["x", "low"], ["y"]).Output("y"),
        "'low', which nothing computes");

    [Fact]
    public void Nodes_out_of_order_are_sorted()
    {
        using Model model = OnnxImporter.Import(new OnnxWriter()
            .Input("x", DataType.Float, 1).Output("b")
            .Node("Neg", ["a"], ["b"]).Node("Exp", ["x"], ["a"]).Bytes, new ImportOptions(), null);
        Assert.Equal(["a", "b"], model.Main.Nodes.Select(n => n.Name));
    }

    [Theory]
    [InlineData(-3L)]
    [InlineData(long.MinValue)]
    [InlineData(1L << 40)]
    public void Impossible_extents(long extent)
    {
        OnnxWriter bad = new OnnxWriter().Input("x", DataType.Float, 1);
        bad.Constant<float>("w", DataType.Float, [extent]);
        Refused(bad.Node("Add", ["x", "w"], ["y"]).Output("y"), "constant 'w'");
    }

    [Fact]
    public void Extents_that_overflow() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1L << 30, 1L << 30, 1L << 30)
        .Node("Neg", ["x"], ["y"]).Output("y"), "input 'x'");

    [Fact]
    public void Bytes_that_do_not_fit() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1)
        .Constant("w", DataType.Float, [3], 1f, 2f)
        .Node("Add", ["x", "w"], ["y"]).Output("y"), "takes 12 bytes, its raw data has 8");

    [Fact]
    public void Two_nodes_of_one_output() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1)
        .Node("Neg", ["x"], ["y"]).Node("Exp", ["x"], ["y"]).Output("y"), "two nodes");

    [Fact]
    public void Two_constants_of_one_name() => Refused(new OnnxWriter()
        .Constant("w", DataType.Float, [1], 1f).Constant("w", DataType.Float, [1], 2f)
        .Node("Neg", ["w"], ["y"]).Output("y"), "two constants");

    [Fact]
    public void An_output_named_like_an_input() => Refused(new OnnxWriter()
        .Input("x", DataType.Float, 1).Node("Neg", ["x"], ["x"]).Output("x"), "x");

    [Fact]
    public void Deep_nesting_of_bodies()
    {
        GraphProto body = Identity();
        for (int i = 0; i < 60; i++)
        {
            var outer = new GraphProto { Name = $"{i}" };
            outer.Node.Add(OnnxWriter.NodeOf("If", ["c"], ["y"],
                OnnxWriter.Attribute("then_branch", body),
                OnnxWriter.Attribute("else_branch", Identity())));
            outer.Output.Add(OnnxWriter.Info("y", DataType.Float));
            body = outer;
        }

        var file = new OnnxWriter().Input("c", DataType.Bool);
        file.Graph.Node.AddRange(body.Node);
        Refused(file.Output("y"), "deeper", "neither");
    }

    [Fact]
    public void A_function_that_calls_itself()
    {
        OnnxWriter file = new OnnxWriter().Input("x", DataType.Float, 1);
        file.Model.Functions.Add(Function("f", "g"));
        file.Model.Functions.Add(Function("g", "f"));
        NodeProto call = OnnxWriter.NodeOf("f", ["x"], ["y"]);
        call.Domain = "own";
        file.Graph.Node.Add(call);
        Refused(file.Output("y"), "calls itself");
    }

    [Fact]
    public void A_function_bomb()
    {
        OnnxWriter file = new OnnxWriter().Input("x", DataType.Float, 1);
        for (int i = 0; i < 24; i++)
        {
            FunctionProto doubled = Function($"f{i}", i == 0 ? "Neg" : $"f{i - 1}");
            NodeProto again = doubled.Node[0].Clone();
            doubled.Node[0].Output[0] = "m";
            again.Input[0] = "m";
            doubled.Node.Add(again);
            if (i == 0)
            {
                doubled.Node[0].Domain = again.Domain = "";
            }

            file.Model.Functions.Add(doubled);
        }

        NodeProto call = OnnxWriter.NodeOf("f23", ["x"], ["y"]);
        call.Domain = "own";
        file.Graph.Node.Add(call);
        Refused(file.Output("y"), "unrolls into more than");
    }

    [Fact]
    public void Division_by_zero()
    {
        Refused(new OnnxWriter()
            .Input("x", DataType.Float, 4)
            .Constant("a", DataType.Int64, [1], 0L).Constant("b", DataType.Int64, [1], 4L)
            .Constant("s", DataType.Int64, [1], 0L)
            .Node("Slice", ["x", "a", "b", "a", "s"], ["y"]).Output("y"), "step of 0");
        Refused(new OnnxWriter(12)
            .Input("x", DataType.Float, 4)
            .Node("Split", ["x"], ["y"], OnnxWriter.Attribute("split", [0]))
            .Output("y"), "Split of y", "y");
        using Model zero = OnnxImporter.Import(new OnnxWriter()
            .Constant("a", DataType.Int32, [1], 7).Constant("b", DataType.Int32, [1], 0)
            .Node("Div", ["a", "b"], ["y"]).Output("y", DataType.Int32).Bytes,
            new ImportOptions(), null);
        using var session = new Execution.Session(zero);
        session.Run();
    }

    [Theory]
    [InlineData("Conv", "group", 0)]
    [InlineData("Conv", "group", -1)]
    [InlineData("Conv", "strides", 0)]
    [InlineData("Conv", "dilations", 0)]
    [InlineData("ConvTranspose", "group", 0)]
    [InlineData("ConvTranspose", "strides", 0)]
    [InlineData("MaxPool", "kernel_shape", 0)]
    [InlineData("MaxPool", "strides", 0)]
    [InlineData("AveragePool", "kernel_shape", -2)]
    [InlineData("LpPool", "strides", 0)]
    [InlineData("DepthToSpace", "blocksize", 0)]
    [InlineData("SpaceToDepth", "blocksize", 0)]
    [InlineData("LRN", "size", 0)]
    [InlineData("LRN", "size", -3)]
    public void Attributes_of_zero(string op, string attribute, long value)
    {
        bool isPool = op.EndsWith("Pool", StringComparison.Ordinal);
        bool isList = attribute is "strides" or "dilations" or "kernel_shape";
        OnnxWriter file = new OnnxWriter()
            .Input("x", DataType.Float, 1, 4, 8, 8)
            .Constant("w", DataType.Float, [4, 4, 1, 1], new float[16]);
        AttributeProto bad = isList
            ? OnnxWriter.Attribute(attribute, [value, value])
            : OnnxWriter.Attribute(attribute, value);
        AttributeProto[] attributes = isPool && attribute != "kernel_shape"
            ? [OnnxWriter.Attribute("kernel_shape", [2, 2]), bad]
            : [bad];
        bool hasWeights = op.StartsWith("Conv", StringComparison.Ordinal);
        Refused(file.Node(op, hasWeights ? ["x", "w"] : ["x"], ["y"], attributes).Output("y"), op);
    }

    [Fact]
    public void Every_missing_operator_is_told_at_once()
    {
        InvalidModelException refusal = Refused(new OnnxWriter()
            .Input("x", DataType.Float, 1)
            .Node("Nope", ["x"], ["a"]).Node("Never", ["a"], ["b"]).Node("Nope", ["b"], ["y"])
            .Output("y"), "3 nodes have operators that are not supported");
        Assert.Contains("Nope (opset 17) at 'Nope of a', 'Nope of y'", refusal.Message);
        Assert.Contains("Never (opset 17) at 'Never of b'", refusal.Message);
        Assert.Contains("ONNX Runtime", refusal.Remedy);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("NonZero", 1)]
    [InlineData("Unique", 1)]
    [InlineData("Compress", 2)]
    public void What_has_no_static_shape_is_refused_with_a_remedy(string op, int inputs)
    {
        OnnxWriter file = new OnnxWriter().Input("x", DataType.Float, 4)
            .Input("c", DataType.Bool, 4).Output("y");
        string[] operands = ["x", "c"];
        InvalidModelException refusal = Refused(
            file.Node(op, operands[..inputs], ["y"]), $"{op} '{op} of y' (opset 17)");
        Assert.Contains("depends on data", refusal.Message);
        Assert.Contains("mask", refusal.Remedy);
        Assert.Contains("--input-value", refusal.Remedy);
    }

    [Theory]
    [InlineData(17, "Gelu", "20 to 26")]
    [InlineData(11, "Upsample", "1 to 9")]
    [InlineData(27, "Relu", "6 to 26")]
    [InlineData(5, "Relu", "6 to 26")]
    public void An_operator_outside_its_opsets_is_refused(int opset, string op, string versions)
    {
        InvalidModelException refusal = Refused(new OnnxWriter(opset)
            .Input("x", DataType.Float, 2).Node(op, ["x"], ["y"]).Output("y"),
            $"{op} (opset {opset}) at '{op} of y'");
        Assert.Contains($"as EdgeDL knows it: {versions}", refusal.Message);
    }

    static InvalidModelException Refused(OnnxWriter file, params string[] oneOf)
    {
        InvalidModelException refusal = Assert.Throws<InvalidModelException>(
            () => Converter.Convert(file.Bytes, new ImportOptions()).Dispose());
        Assert.True(oneOf.Any(refusal.Message.Contains), refusal.Message);
        return refusal;
    }

    static byte[] External(string location, long length, long offset = 0)
    {
        OnnxWriter file = new OnnxWriter().Input("x", DataType.Float, 4)
            .Node("Add", ["x", "w"], ["y"]).Output("y");
        var w = new TensorProto
        {
            Name = "w", DataType = (int)DataType.Float,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        w.Dims.Add(4);
        w.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        w.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{offset}" });
        w.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{length}" });
        file.Graph.Initializer.Add(w);
        return file.Bytes;
    }

    internal static OnnxWriter LoopOf(long turns, GraphProto? inner = null)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(OnnxWriter.Info("i", DataType.Int64));
        body.Input.Add(OnnxWriter.Info("on", DataType.Bool));
        body.Input.Add(OnnxWriter.Info("v", DataType.Float, 1));
        if (inner is not null)
        {
            body.Node.AddRange(inner.Node);
            body.Initializer.AddRange(inner.Initializer);
        }

        body.Node.Add(OnnxWriter.NodeOf("Neg", ["v"], ["next"]));
        body.Output.Add(OnnxWriter.Info("on", DataType.Bool));
        body.Output.Add(OnnxWriter.Info("next", DataType.Float, 1));
        return new OnnxWriter()
            .Input("x", DataType.Float, 1)
            .Constant("turns", DataType.Int64, [], turns)
            .Node("Loop", ["turns", "", "x"], ["y"], OnnxWriter.Attribute("body", body))
            .Output("y");
    }

    static GraphProto Identity()
    {
        var body = new GraphProto { Name = "identity" };
        body.Input.Add(OnnxWriter.Info("a", DataType.Float, 3));
        body.Node.Add(OnnxWriter.NodeOf("Identity", ["a"], ["z"]));
        body.Output.Add(OnnxWriter.Info("z", DataType.Float, 3));
        return body;
    }

    static FunctionProto Function(string name, string calls)
    {
        var function = new FunctionProto { Name = name, Domain = "own" };
        function.Input.Add("a");
        function.Output.Add("z");
        NodeProto node = OnnxWriter.NodeOf(calls, ["a"], ["z"]);
        node.Domain = "own";
        function.Node.Add(node);
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        return function;
    }
}
