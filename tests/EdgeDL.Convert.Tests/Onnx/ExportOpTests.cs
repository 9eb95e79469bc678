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
        OpCode.DetectionPostProcess, OpCode.HashtableLookup, OpCode.LstmCell,
        OpCode.PopulationCount, OpCode.RunEvery, OpCode.Svdf, OpCode.Unique,
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
}
