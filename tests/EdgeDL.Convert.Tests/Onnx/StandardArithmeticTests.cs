using EdgeDL.Convert.Onnx;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Two quantized operands in all their 65536 pairs.</summary>
public sealed class StandardArithmeticTests
{
    const int Bytes = 256;
    const int Pairs = Bytes * Bytes;

    // Of a sum in mobilenet_v3_qdq. ONNX Runtime's QLinearAdd rounds the pair 123, 90 the other
    // way: it is 3·10⁻⁶ steps from the middle between two.
    static readonly (float Scale, byte Zero) A = (0.026260478f, 129);
    static readonly (float Scale, byte Zero) B = (0.013974092f, 137);
    static readonly (float Scale, byte Zero) Y = (0.027604919f, 129);

    [Theory]
    [InlineData("Add")]
    [InlineData("Sub")]
    [InlineData("Mul")]
    public void Every_pair_gives_what_the_standard_says(string op)
    {
        byte[] file = File(op);
        byte[] expected = Standard(op);
        byte[] a = [.. Enumerable.Range(0, Pairs).Select(i => (byte)(i / Bytes))];
        byte[] b = [.. Enumerable.Range(0, Pairs).Select(i => (byte)(i % Bytes))];
        var shape = new Shape(Pairs);

        using var oracle = new OrtModel(StandardArithmetic.Of(file));
        OrtTensor theirs = Assert.Single(oracle.Run(
        [
            new OrtTensor("a", DType.UInt8, shape, a), new OrtTensor("b", DType.UInt8, shape, b),
        ]));
        Check.Same<byte>(expected, theirs.Bytes, $"{op} in ONNX Runtime");

        using Model model = Converter.Convert(file, new ImportOptions());
        Assert.DoesNotContain(model.Main.Nodes, n => n.Op is Dequantize);
        using var session = new Session(model);
        a.CopyTo(session.Input(0).AsBytes());
        b.CopyTo(session.Input(1).AsBytes());
        session.Run();
        Check.Same<byte>(expected, session.Output(0).AsBytes(), $"{op} here");
    }

    // A zero point that two quantizations share, by a name of its own for each.
    static byte[] File(string op) => new OnnxWriter()
        .Input("a", DataType.Uint8, Pairs).Input("b", DataType.Uint8, Pairs)
        .Output("y", DataType.Uint8)
        .Constant("scale a", DataType.Float, [], A.Scale)
        .Constant("scale b", DataType.Float, [], B.Scale)
        .Constant("scale y", DataType.Float, [], Y.Scale)
        .Constant("zero", DataType.Uint8, [], A.Zero)
        .Constant("zero b", DataType.Uint8, [], B.Zero)
        .Node("Identity", ["zero"], ["zero y"])
        .Node("DequantizeLinear", ["a", "scale a", "zero"], ["real a"])
        .Node("DequantizeLinear", ["b", "scale b", "zero b"], ["real b"])
        .Node(op, ["real a", "real b"], ["real y"])
        .Node("QuantizeLinear", ["real y", "scale y", "zero y"], ["y"]).Bytes;

    static byte[] Standard(string op)
    {
        var y = new byte[Pairs];
        for (int i = 0; i < Pairs; i++)
        {
            float a = ((i / Bytes) - A.Zero) * A.Scale;
            float b = ((i % Bytes) - B.Zero) * B.Scale;
            float real = op switch
            {
                "Add" => a + b,
                "Sub" => a - b,
                _ => a * b,
            };
            y[i] = (byte)Math.Clamp(MathF.Round(real / Y.Scale) + Y.Zero, 0, 255);
        }

        return y;
    }
}
