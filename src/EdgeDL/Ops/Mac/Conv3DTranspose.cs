using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The gradient of a 3-D convolution by its input: x NDHWC, weights ODHWI (as those of
/// <see cref="TransposeConv"/>, with a depth), bias [O] or left out; the output's extent is given.
/// Groups = C / I, each seeing its own channels.
/// </summary>
public sealed class Conv3DTranspose(
    ConvWindow3D window, int outputDepth, int outputHeight, int outputWidth,
    Activation activation)
    : Op, IOp<Conv3DTranspose>
{
    public static OpCode Code => OpCode.Conv3DTranspose;

    public override OpCode OpCode => Code;

    public ConvWindow3D Window => window;

    public int OutputDepth => outputDepth;

    public int OutputHeight => outputHeight;

    public int OutputWidth => outputWidth;

    public Activation Activation => activation;

    public static Conv3DTranspose Read(ref AttributeReader a) => new(
        ConvWindow3D.Read(ref a), a.Int(1, int.MaxValue), a.Int(1, int.MaxValue),
        a.Int(1, int.MaxValue), (Activation)a.Enum(Activations.Count));

    public override void Write(ref AttributeWriter a)
    {
        window.Write(ref a);
        a.Int(outputDepth);
        a.Int(outputHeight);
        a.Int(outputWidth);
        a.Byte((byte)activation);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(2, 3, 1);
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        MacShapes.CheckRanks(c, x, w, 5);
        MacShapes.Groups(c, x[4], w[4], w[0]);
        window.Depth.CheckTransposed(c, x[1], w[1], outputDepth);
        window.Height.CheckTransposed(c, x[2], w[2], outputHeight);
        window.Width.CheckTransposed(c, x[3], w[3], outputWidth);
        long taps = w.Product(1, 4);
        MacTypes.Check(c, w[0], 0, taps * w[4]);
        long strides = (long)window.Depth.Stride * window.Height.Stride;
        long perValue = Math.Max(1, taps / Math.Min(taps, strides) / window.Width.Stride);
        MacShapes.SetOutput(
            c, [x[0], outputDepth, outputHeight, outputWidth, w[0]], perValue * w[4]);
        MacSteps.Scratch(c);
    }

    public override Step? Prepare(PrepareContext c)
    {
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        var shape = window.Bind(x, c.Output(0).Shape, w[1], w[2], w[3], x[4] / w[4])
            with { Transposed = true };
        return MacSteps.Conv(c, shape, activation, WeightOrder.OutputMajor);
    }
}
