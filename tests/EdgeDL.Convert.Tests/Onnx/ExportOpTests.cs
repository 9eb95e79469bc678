using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Export;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Which ops go to ONNX, and those that no model file of the tests has.</summary>
public sealed class ExportOpTests
{
    /// <summary>Ops that ONNX can't say, or not in a graph that anyone would run.</summary>
    static readonly OpCode[] WithoutEquivalent =
    [
        OpCode.CallOnce, OpCode.Real, OpCode.Imag, OpCode.ComplexAbs,
        OpCode.DetectionPostProcess, OpCode.HashtableLookup, OpCode.PopulationCount,
        OpCode.Patches, OpCode.PatchBorder, OpCode.RunEvery, OpCode.Unique,
        OpCode.SignalWindow, OpCode.SignalFftAutoScale, OpCode.SignalRfft, OpCode.SignalIrfft,
        OpCode.SignalEnergy, OpCode.SignalFilterBank, OpCode.SignalFilterBankSquareRoot,
        OpCode.SignalFilterBankSpectralSubtraction, OpCode.SignalPcan,
        OpCode.SignalFilterBankLog, OpCode.SignalDelay, OpCode.SignalFramer,
        OpCode.SignalOverlapAdd, OpCode.SignalStacker,
    ];

    [Fact]
    public void Every_op_is_exported_or_has_no_equivalent()
    {
        Assert.Equal(
            OpSet.All.Codes.Except(WithoutEquivalent).Order(), ExportTable.Known.Order());
    }

    [Fact]
    public void A_variable_becomes_an_input_and_an_output()
    {
        var b = new GraphBuilder("stream");
        int x = b.Input("x", DType.Float32, new Shape(1, 1, 3));
        int state = b.Variable("memory", DType.Float32, new Shape(1, 4, 3));
        b.Output(b.Node(new CircularBuffer(state), "y", [x]));
        byte[] onnx = OnnxExporter.Export(b.Model);
        using (var ort = new OnnxRuntime.OrtModel(onnx))
        {
            Assert.Equal(["x"], ort.Inputs.Select(i => i.Name));
            Assert.Equal(["y", "memory_next"], ort.Outputs.Select(o => o.Name));
        }

        ExportCheck.SameAnswers(b.Model, onnx, runs: 6);
    }

    [Fact]
    public void Loops_and_branches_become_bodies()
    {
        var b = new GraphBuilder("control");
        int x = b.Input("x", DType.Float32, new Shape(1));
        var more = new GraphBuilder(b.Model, "more");
        int m = more.Input("m", DType.Float32, new Shape(1));
        more.Output(more.Node(new Less(), "below",
            [m, more.Constant<float>("five", new Shape(1), [5])]));
        var body = new GraphBuilder(b.Model, "body");
        int n = body.Input("n", DType.Float32, new Shape(1));
        body.Output(body.Node(new Add(Activation.None), "next",
            [n, body.Constant<float>("one", new Shape(1), [1])]));
        var same = new GraphBuilder(b.Model, "same");
        same.Output(same.Input("s", DType.Float32, new Shape(1)));
        int last = b.Node(new While(more.GraphIndex, body.GraphIndex), "last", [x]);
        int sign = b.Node(new Less(), "negative",
            [x, b.Constant<float>("zero", new Shape(1), [0])]);
        b.Output(last);
        b.Output(b.Node(new If(body.GraphIndex, same.GraphIndex), "either", [sign, x]));
        ExportCheck.SameAnswers(b.Model, OnnxExporter.Export(b.Model), runs: 10);
    }

    [Theory]
    [InlineData(CellActivation.None, 1, 4)]
    [InlineData(CellActivation.Relu, 2, 4)]
    [InlineData(CellActivation.Tanh, 3, 1)]
    public void A_low_rank_filter_is_sums_over_its_memory(
        CellActivation activation, int rank, int depth)
    {
        var b = new GraphBuilder("svdf");
        int x = b.Input("x", DType.Float32, new Shape(2, 5));
        int memory = b.Variable("memory", DType.Float32, new Shape(2, 6 * depth));
        b.Output(b.Node(new Svdf(rank, activation, memory), "y",
            [x, Floats(b, "w", 6, 5), Floats(b, "t", 6, depth), Floats(b, "b", 6 / rank)]));
        ExportCheck.SameAnswers(b.Model, OnnxExporter.Export(b.Model), runs: 8);
    }

    [Theory]
    [InlineData(DType.Int16, 1 / 8192f, 0.0005f)]
    [InlineData(DType.Int8, 0.01f, 0.13f)]
    public void A_low_rank_filter_of_integers_keeps_its_roundings(
        DType type, float time, float state)
    {
        var b = new GraphBuilder("svdf");
        int x = b.Input("x", DType.Int8, new Shape(2, 5), new Quantization(0.02f, 5));
        int memory = b.Variable("memory", type, new Shape(2, 24), new Quantization(state, 0));
        var random = new Random(1);
        byte[] weights = new byte[30];
        byte[] filter = new byte[24 * type.Size()];
        random.NextBytes(weights);
        random.NextBytes(filter);
        int w = b.Constant("w", DType.Int8, new Shape(6, 5), Constant.Copy<byte>(weights),
            new Quantization(0.01f, 0));
        int t = b.Constant("t", type, new Shape(6, 4), Constant.Copy<byte>(filter),
            new Quantization(time, 0));
        b.Output(b.Node(new Svdf(2, CellActivation.Relu, memory), "y", [x, w, t],
            new Quantization(0.3f, -3)));
        ExportCheck.SameAnswers(b.Model, OnnxExporter.Export(b.Model), runs: 8);
    }

    [Fact]
    public void A_basic_cell_is_its_gates()
    {
        var b = new GraphBuilder("cell");
        int[] inputs =
        [
            b.Input("x", DType.Float32, new Shape(2, 5)),
            b.Input("h", DType.Float32, new Shape(2, 3)),
            Floats(b, "w", 12, 8), Floats(b, "b", 12),
            b.Input("c", DType.Float32, new Shape(2, 3)),
        ];
        foreach (int y in b.Node(
            new LstmCell(), "cell", inputs, ["next h", "next c", "joined", "sums"],
            new Quantization?[4]))
        {
            b.Output(y);
        }

        ExportCheck.SameAnswers(b.Model, OnnxExporter.Export(b.Model), runs: 5);
    }

    static int Floats(GraphBuilder b, string name, params int[] dims)
    {
        var shape = new Shape(dims);
        var random = new Random(name[0]);
        float[] values = [.. Enumerable.Range(0, shape.Elements)
            .Select(_ => (2 * random.NextSingle()) - 1)];
        return b.Constant<float>(name, shape, values);
    }
}
