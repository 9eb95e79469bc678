using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The gradient of a 2-D convolution by its input:
/// y[n, h·s + i − pad, …, o] += x[n,h,w,c] · k[o,i,j,c],
/// then bias and clamp. x NHWC, weights OHWI, bias [O] or left out; the output's extent is given,
/// since several fit. Groups = C / I, each seeing its own channels.
/// </summary>
public sealed class TransposeConv(
    ConvWindow2D window, int outputHeight, int outputWidth, Activation activation)
    : Op, IOp<TransposeConv>
{
    public static OpCode Code => OpCode.TransposeConv;

    public override OpCode OpCode => Code;

    public ConvWindow2D Window => window;

    public int OutputHeight => outputHeight;

    public int OutputWidth => outputWidth;

    public Activation Activation => activation;

    public static TransposeConv Read(ref AttributeReader a) => new(
        ConvWindow2D.Read(ref a), a.Int(1, int.MaxValue), a.Int(1, int.MaxValue),
        (Activation)a.Enum(Activations.Count));

    public override void Write(ref AttributeWriter a)
    {
        window.Write(ref a);
        a.Int(outputHeight);
        a.Int(outputWidth);
        a.Byte((byte)activation);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(2, 3, 1);
        InferInput x = c.Input(0);
        InferInput w = c.Input(1);
        MacShapes.CheckRanks(c, x.Shape, w.Shape, 4);
        MacShapes.Groups(c, x.Shape[3], w.Shape[3], w.Shape[0]);
        window.Height.CheckTransposed(c, x.Shape[1], w.Shape[1], outputHeight);
        window.Width.CheckTransposed(c, x.Shape[2], w.Shape[2], outputWidth);
        long taps = (long)w.Shape[1] * w.Shape[2];
        MacTypes.Check(c, w.Shape[0], 0, taps * w.Shape[3]);
        // A stride leaves most taps of an output without an input.
        long perValue = Math.Max(1, taps / ((long)window.Height.Stride * window.Width.Stride));
        MacShapes.SetOutput(
            c, [x.Shape[0], outputHeight, outputWidth, w.Shape[0]], perValue * w.Shape[3]);
        MacSteps.Scratch(c);
    }

    public override Step? Prepare(PrepareContext c)
    {
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        var shape = window.Bind(x, c.Output(0).Shape, w[1], w[2], x[3] / w[3])
            with { Transposed = true };
        return MacSteps.Conv(c, shape, activation, WeightOrder.OutputMajor);
    }
}
