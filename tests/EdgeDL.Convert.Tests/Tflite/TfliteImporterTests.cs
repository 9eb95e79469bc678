using EdgeDL.Convert.Tflite;
using EdgeDL.Convert.Tflite.Import;
using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Tflite;

/// <summary>What the importer makes of constructs that the real files do not have.</summary>
public sealed class TfliteImporterTests
{
    // What TensorFlow Lite Micro's resolver of all ops registers from the schema.
    const string MicroOps = """
        ABS ADD ADD_N ARG_MAX ARG_MIN ASSIGN_VARIABLE AVERAGE_POOL_2D BATCH_MATMUL
        BATCH_TO_SPACE_ND BROADCAST_ARGS BROADCAST_TO CALL_ONCE CAST CEIL CONCATENATION CONV_2D COS
        CUMSUM DEPTH_TO_SPACE DEPTHWISE_CONV_2D DEQUANTIZE DIV DYNAMIC_UPDATE_SLICE ELU
        EMBEDDING_LOOKUP EQUAL EXP EXPAND_DIMS FILL FLOOR FLOOR_DIV FLOOR_MOD FULLY_CONNECTED
        GATHER GATHER_ND GREATER GREATER_EQUAL HARD_SWISH IF L2_NORMALIZATION L2_POOL_2D LEAKY_RELU
        LESS LESS_EQUAL LOG LOGICAL_AND LOGICAL_NOT LOGICAL_OR LOGISTIC LOG_SOFTMAX MAXIMUM
        MAX_POOL_2D MEAN MINIMUM MIRROR_PAD MUL NEG NOT_EQUAL PACK PAD PADV2 PRELU QUANTIZE
        READ_VARIABLE REDUCE_ALL REDUCE_MAX REDUCE_MIN RELU RELU6 RESHAPE RESIZE_BILINEAR
        RESIZE_NEAREST_NEIGHBOR REVERSE_V2 ROUND RSQRT SCATTER_ND SELECT_V2 SHAPE SIN SLICE SOFTMAX
        SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT SQUARE SQUARED_DIFFERENCE SQUEEZE
        STRIDED_SLICE SUB SUM SVDF TANH TILE TRANSPOSE TRANSPOSE_CONV UNIDIRECTIONAL_SEQUENCE_LSTM
        UNPACK VAR_HANDLE WHILE ZEROS_LIKE
        """;

    [Fact]
    public void Every_builtin_of_tflite_micro_has_an_importer()
    {
        string[] names = MicroOps.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

        Assert.DoesNotContain(names, n => !ImportTable.All.Builtins.Contains(
            Enum.Parse<BuiltinOperator>(n)));
        Assert.True(ImportTable.All.Builtins.Count >= 120, $"{ImportTable.All.Builtins.Count}");
        Assert.Contains("TFLite_Detection_PostProcess", ImportTable.All.Customs);
    }

    [Fact]
    public void Missing_ops_are_listed_all_at_once()
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.FLOAT32, 2);
        int a = g.Tensor("a", TensorType.FLOAT32, 2);
        int b = g.Tensor("b", TensorType.FLOAT32, 2);
        g.Custom("NoSuchOp", [x], [a]);
        g.Op(BuiltinOperator.SKIP_GRAM, [a], [b]);
        g.Outputs.Add(b);

        var e = Assert.Throws<InvalidModelException>(() => Import(g));

        Assert.Contains("2 ops", e.Message, StringComparison.Ordinal);
        Assert.Contains("NoSuchOp v1 at 'a'", e.Message, StringComparison.Ordinal);
        Assert.Contains("SKIP_GRAM v1 at 'b'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_weights_behind_dequantize_become_constants()
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.FLOAT32, 1, 2);
        int half = g.Constant<Half>("half", TensorType.FLOAT16, [1, 2], (Half)1.5f, (Half)(-2));
        int w = g.Tensor("w", TensorType.FLOAT32, 1, 2);
        int y = g.Tensor("y", TensorType.FLOAT32, 1, 1);
        g.Op(BuiltinOperator.DEQUANTIZE, [half], [w]);
        g.Op(BuiltinOperator.FULLY_CONNECTED, [x, w, -1], [y]);
        g.Outputs.Add(y);

        Model model = Import(g);

        Assert.Equal([OpCode.FullyConnected], Codes(model));
        Assert.Equal([1.5f * 10 - 2 * 100], Run(model, 10, 100));
    }

    [Fact]
    public void Sparse_weights_behind_densify_become_constants()
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.FLOAT32, 1, 3);
        int sparse = g.Add(new WrittenTensor("sparse", TensorType.FLOAT32, [2, 3])
        {
            Data = [.. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(5f)],
            Sparse = ([0, 1, 2], [2, 0]),
        });
        int w = g.Tensor("w", TensorType.FLOAT32, 2, 3);
        int y = g.Tensor("y", TensorType.FLOAT32, 1, 2);
        g.Op(BuiltinOperator.DENSIFY, [sparse], [w]);
        g.Op(BuiltinOperator.FULLY_CONNECTED, [x, w, -1], [y]);
        g.Outputs.Add(y);

        Assert.Equal([60f, 5f], Run(Import(g), 1, 10, 30));
    }

    [Fact]
    public void Open_extents_are_one_unless_the_caller_says_more_and_shape_arithmetic_follows()
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.FLOAT32, -1, 6);
        int shape = g.Tensor("shape", TensorType.INT32, 2);
        int zero = g.Constant<int>("zero", TensorType.INT32, [1], 0);
        int one = g.Constant<int>("one", TensorType.INT32, [1], 1);
        int batch = g.Tensor("batch", TensorType.INT32);
        int two = g.Constant<int>("two", TensorType.INT32, [], 2);
        int dims = g.Tensor("dims", TensorType.INT32, 3);
        int three = g.Constant<int>("three", TensorType.INT32, [], 3);
        int y = g.Tensor("y", TensorType.FLOAT32, 1, 2, 3);
        g.Op(BuiltinOperator.SHAPE, [x], [shape]);
        g.Op(BuiltinOperator.STRIDED_SLICE, [shape, zero, one, one], [batch],
            Options.StridedSlice.Kind, (Options.StridedSlice.ShrinkAxisMask, 1));
        g.Op(BuiltinOperator.PACK, [batch, two, three], [dims], Options.Pack.Kind,
            (Options.Pack.ValuesCount, 3), (Options.Pack.Axis, 0));
        g.Op(BuiltinOperator.RESHAPE, [x, dims], [y]);
        g.Outputs.Add(y);

        Model closed = Import(g);
        Model wide = TfliteImporter.Import(TfliteWriter.Write(g), new ImportOptions
        {
            InputShapes = new Dictionary<string, int[]> { ["x"] = [5, 6] },
        });

        Assert.Equal([OpCode.Reshape], Codes(closed));
        Assert.Equal(new Shape(1, 2, 3), closed.Main.Values[closed.Main.Outputs[0]].Shape);
        Assert.Equal(new Shape(5, 2, 3), wide.Main.Values[wide.Main.Outputs[0]].Shape);
    }

    [Fact]
    public void Fused_tanh_and_sign_become_nodes_of_their_own()
    {
        foreach ((byte activation, float expected) in ((byte, float)[])[
            (4, MathF.Tanh(-1)), (5, 1f)])
        {
            var g = new WrittenGraph();
            int x = g.Input("x", TensorType.FLOAT32, 1);
            int c = g.Constant<float>("c", TensorType.FLOAT32, [1], -3f);
            int y = g.Tensor("y", TensorType.FLOAT32, 1);
            g.Op(BuiltinOperator.ADD, [x, c], [y], Options.Add.Kind,
                (Options.Add.FusedActivation, activation));
            g.Outputs.Add(y);

            Assert.Equal(expected, Run(Import(g), 2)[0], 1e-6f);
        }
    }

    [Fact]
    public void Variables_start_at_the_constants_of_the_graph_that_runs_once()
    {
        WrittenGraph main = Counter();
        var init = new WrittenGraph();
        int handle = init.Tensor("handle", TensorType.RESOURCE);
        int start = init.Constant<float>("start", TensorType.FLOAT32, [1], 100f);
        Handle(init, handle);
        init.Op(BuiltinOperator.ASSIGN_VARIABLE, [handle, start], []);

        Model model = TfliteImporter.Import(TfliteWriter.Write(main, init), new ImportOptions());

        Assert.Single(model.Graphs);
        Assert.Single(model.Variables);
        using var session = new Session(model);
        Assert.Equal([101f, 103f, 106f], Count(session));
        session.ResetVariables();
        Assert.Equal([101f, 103f, 106f], Count(session));
    }

    [Fact]
    public void Computed_first_values_are_computed_once()
    {
        WrittenGraph main = Counter();
        var init = new WrittenGraph();
        int handle = init.Tensor("handle", TensorType.RESOURCE);
        int start = init.Constant<float>("start", TensorType.FLOAT32, [1], 100f);
        int other = init.Tensor("other", TensorType.RESOURCE);
        int copy = init.Tensor("copy", TensorType.FLOAT32, 1);
        Handle(init, handle);
        init.Op(BuiltinOperator.VAR_HANDLE, [], [other], Options.VarHandle.Kind,
            (Options.VarHandle.SharedName, "other"));
        init.Op(BuiltinOperator.ASSIGN_VARIABLE, [other, start], []);
        init.Op(BuiltinOperator.READ_VARIABLE, [other], [copy]);
        init.Op(BuiltinOperator.ASSIGN_VARIABLE, [handle, copy], []);

        Model model = TfliteImporter.Import(TfliteWriter.Write(main, init), new ImportOptions());

        Assert.Equal(2, model.Graphs.Count);
        using var session = new Session(model);
        Assert.Equal([101f, 103f, 106f], Count(session));
    }

    [Fact]
    public void Loops_carry_tensors_and_variables()
    {
        // while (i < 5) { i = i + 1; v = v + i }
        var main = new WrittenGraph();
        int i = main.Input("i", TensorType.FLOAT32, 1);
        int handle = main.Tensor("handle", TensorType.RESOURCE);
        int zero = main.Constant<float>("zero", TensorType.FLOAT32, [1], 0f);
        int last = main.Tensor("last", TensorType.FLOAT32, 1);
        int handleOut = main.Tensor("handleOut", TensorType.RESOURCE);
        int sum = main.Tensor("sum", TensorType.FLOAT32, 1);
        Handle(main, handle);
        main.Op(BuiltinOperator.ASSIGN_VARIABLE, [handle, zero], []);
        main.Op(BuiltinOperator.WHILE, [i, handle], [last, handleOut], Options.While.Kind,
            (Options.While.CondSubgraphIndex, 1), (Options.While.BodySubgraphIndex, 2));
        main.Op(BuiltinOperator.READ_VARIABLE, [handleOut], [sum]);
        main.Outputs.Add(sum);

        var condition = new WrittenGraph();
        int ci = condition.Input("i", TensorType.FLOAT32, 1);
        condition.Input("v", TensorType.RESOURCE);
        int five = condition.Constant<float>("five", TensorType.FLOAT32, [1], 5f);
        int more = condition.Tensor("more", TensorType.BOOL, 1);
        condition.Op(BuiltinOperator.LESS, [ci, five], [more]);
        condition.Outputs.Add(more);

        var body = new WrittenGraph();
        int bi = body.Input("i", TensorType.FLOAT32, 1);
        int v = body.Input("v", TensorType.RESOURCE);
        int one = body.Constant<float>("one", TensorType.FLOAT32, [1], 1f);
        int next = body.Tensor("next", TensorType.FLOAT32, 1);
        int old = body.Tensor("old", TensorType.FLOAT32, 1);
        int added = body.Tensor("added", TensorType.FLOAT32, 1);
        body.Op(BuiltinOperator.ADD, [bi, one], [next]);
        body.Op(BuiltinOperator.READ_VARIABLE, [v], [old]);
        body.Op(BuiltinOperator.ADD, [old, next], [added]);
        body.Op(BuiltinOperator.ASSIGN_VARIABLE, [v, added], []);
        body.Outputs.AddRange([next, v]);

        byte[] file = TfliteWriter.Write(main, condition, body);

        Assert.Equal([15f], Run(TfliteImporter.Import(file, new ImportOptions()), 0));
    }

    [Fact]
    public void A_graph_that_calls_itself_is_refused()
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.FLOAT32, 1);
        int y = g.Tensor("y", TensorType.FLOAT32, 1);
        g.Op(BuiltinOperator.WHILE, [x], [y], Options.While.Kind);
        g.Outputs.Add(y);

        var e = Assert.Throws<InvalidModelException>(() => Import(g));

        Assert.Contains("calls itself", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operand_that_must_be_constant_is_named_with_a_remedy()
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.FLOAT32, 2, 3);
        int axes = g.Input("axes", TensorType.INT32, 1);
        int y = g.Tensor("y", TensorType.FLOAT32, 2);
        g.Op(BuiltinOperator.MEAN, [x, axes], [y]);
        g.Outputs.Add(y);

        var e = Assert.Throws<InvalidModelException>(() => Import(g));

        Assert.Contains("MEAN 'y'", e.Place, StringComparison.Ordinal);
        Assert.Contains("'axes'", e.Finding, StringComparison.Ordinal);
        Assert.Contains("export the model", e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 1 }, new[] { 4 }, new[] { 2 }, 0, 0, 0, new[] { 1f, 3f })]
    [InlineData(new[] { -1 }, new[] { 0 }, new[] { -2 }, 0, 1, 0, new[] { 4f, 2f, 0f })]
    [InlineData(new[] { -2 }, new[] { 0 }, new[] { 1 }, 0, 0, 1, new[] { 3f })]
    [InlineData(new[] { 3 }, new[] { 1 }, new[] { 1 }, 0, 0, 0, new float[0])]
    [InlineData(new[] { 9 }, new[] { -9 }, new[] { -3 }, 1, 1, 0, new[] { 4f, 1f })]
    public void Strided_slices(
        int[] begin, int[] end, int[] stride, int beginMask, int endMask, int shrink,
        float[] expected)
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.FLOAT32, 5);
        int y = g.Tensor("y", TensorType.FLOAT32);
        g.Op(BuiltinOperator.STRIDED_SLICE,
            [
                x,
                g.Constant<int>("begin", TensorType.INT32, [1], begin),
                g.Constant<int>("end", TensorType.INT32, [1], end),
                g.Constant<int>("stride", TensorType.INT32, [1], stride),
            ],
            [y], Options.StridedSlice.Kind,
            (Options.StridedSlice.BeginMask, beginMask), (Options.StridedSlice.EndMask, endMask),
            (Options.StridedSlice.ShrinkAxisMask, shrink));
        g.Outputs.Add(y);

        Assert.Equal(expected, Run(Import(g), 0, 1, 2, 3, 4));
    }

    // v = v + x; y = v. The variable's first value is what graph 1 gives it.
    static WrittenGraph Counter()
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.FLOAT32, 1);
        int handle = g.Tensor("handle", TensorType.RESOURCE);
        int old = g.Tensor("old", TensorType.FLOAT32, 1);
        int y = g.Tensor("y", TensorType.FLOAT32, 1);
        g.Op(BuiltinOperator.CALL_ONCE, [], [], Options.CallOnce.Kind,
            (Options.CallOnce.InitSubgraphIndex, 1));
        Handle(g, handle);
        g.Op(BuiltinOperator.READ_VARIABLE, [handle], [old]);
        g.Op(BuiltinOperator.ADD, [old, x], [y]);
        g.Op(BuiltinOperator.ASSIGN_VARIABLE, [handle, y], []);
        g.Outputs.Add(y);
        return g;
    }

    static void Handle(WrittenGraph g, int tensor) =>
        g.Op(BuiltinOperator.VAR_HANDLE, [], [tensor], Options.VarHandle.Kind,
            (Options.VarHandle.Container, "c"), (Options.VarHandle.SharedName, "v"));

    static float[] Count(Session session)
    {
        var results = new float[3];
        for (int i = 0; i < results.Length; i++)
        {
            session.Input(0).AsSpan<float>()[0] = i + 1;
            session.Run();
            results[i] = session.Output(0).AsSpan<float>()[0];
        }

        return results;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_ring_with_cycles_lets_every_nth_run_pass(int cycles)
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.INT8, 1, 1, 1, 1);
        int ring = g.Tensor("ring", TensorType.INT8, 1, 4, 1, 1);
        int y = g.Tensor("y", TensorType.INT8, 4, 1);
        int shape = g.Constant<int>("shape", TensorType.INT32, [2], 4, 1);
        g.Custom("CIRCULAR_BUFFER", [x], [ring], CyclesMax(cycles));
        g.Op(BuiltinOperator.RESHAPE, [ring, shape], [y]);
        g.Outputs.Add(y);

        using Model model = Import(g);
        using var session = new Session(model);
        foreach (int runs in (int[])[4, 6])
        {
            for (int run = 1; run <= runs; run++)
            {
                session.Input(0).AsSpan<sbyte>()[0] = (sbyte)run;
                Assert.Equal(run % cycles == 0, session.Run());
                if (run % cycles == 0)
                {
                    sbyte[] last = [.. Enumerable.Range(run - 3, 4).Select(
                        i => (sbyte)Math.Max(i, 0))];
                    Assert.Equal(last, session.Output(0).AsSpan<sbyte>().ToArray());
                }
            }

            // Forgets the count as well as the ring.
            session.ResetVariables();
        }
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void A_ring_that_says_nothing_passes_as_in_tflite_micro(int slots, bool always)
    {
        var g = new WrittenGraph();
        int x = g.Input("x", TensorType.INT8, 1, 1, 1, 1);
        int ring = g.Tensor("ring", TensorType.INT8, 1, slots, 1, 1);
        g.Custom("CIRCULAR_BUFFER", [x], [ring]);
        g.Outputs.Add(ring);

        using Model model = Import(g);
        using var session = new Session(model);
        Assert.Equal(always, session.Run());
        Assert.True(session.Run());
    }

    // The FlexBuffer { "cycles_max": n } of TensorFlow Lite Micro's test data.
    static byte[] CyclesMax(int cycles) =>
        [.. "cycles_max\0"u8, 1, 12, 1, 1, 1, (byte)cycles, 4, 2, 36, 1];

    static Model Import(WrittenGraph graph) =>
        TfliteImporter.Import(TfliteWriter.Write(graph), new ImportOptions());

    static IEnumerable<OpCode> Codes(Model model) => model.Main.Nodes.Select(n => n.Op.OpCode);

    static float[] Run(Model model, params float[] input)
    {
        using var session = new Session(model);
        input.CopyTo(session.Input(0).AsSpan<float>());
        session.Run();
        return session.Output(0).AsSpan<float>().ToArray();
    }
}
