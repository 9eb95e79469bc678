using EdgeDL.Execution;
using EdgeDL.Kernels.Conv;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[n,h,w,o] = act(bias[o] + Σ x[n, h·s + i·d − pad, …, c] · k[o,i,j,c]): x NHWC, weights OHWI,
/// bias [O] or left out. Groups = C / I, each seeing its own channels.
/// </summary>
public sealed class Conv2D(ConvWindow2D window, Activation activation) : Op, IOp<Conv2D>
{
    public static OpCode Code => OpCode.Conv2D;

    public override OpCode OpCode => Code;

    public ConvWindow2D Window => window;

    public Activation Activation => activation;

    public static Conv2D Read(ref AttributeReader a) =>
        new(ConvWindow2D.Read(ref a), (Activation)a.Enum(Activations.Count));

    public override void Write(ref AttributeWriter a)
    {
        window.Write(ref a);
        a.Byte((byte)activation);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(2, 3, 1);
        InferInput x = c.Input(0);
        InferInput w = c.Input(1);
        MacShapes.CheckRanks(c, x.Shape, w.Shape, 4);
        int groups = MacShapes.Groups(c, x.Shape[3], w.Shape[3], w.Shape[0]);
        MacTypes.Check(c, w.Shape[0], 0, (long)w.Shape[1] * w.Shape[2] * w.Shape[3]);
        MacShapes.SetOutput(
            c,
            [
                x.Shape[0],
                window.Height.Output(c, x.Shape[1], w.Shape[1]),
                window.Width.Output(c, x.Shape[2], w.Shape[2]),
                w.Shape[0],
            ],
            (long)w.Shape[1] * w.Shape[2] * x.Shape[3] / groups);
        MacSteps.Scratch(c);
    }

    public override Step? Prepare(PrepareContext c)
    {
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        bool isDynamic = MacTypes.Kind(c.Input(0).DType, c.Input(1).DType) == MacKind.Dynamic;
        ConvShape shape = isDynamic && IsPointwise(x, w)
            ? ConvShape.MatMul(1, w[3], w[0]) with { Batch = x.Product(0, 3) }
            : window.Bind(x, c.Output(0).Shape, w[1], w[2], x[3] / w[3]);
        return MacSteps.Conv(c, shape, activation, WeightOrder.OutputMajor);
    }

    // XNNPACK runs these as fully connected layers: every pixel gets a dynamic range of its own.
    bool IsPointwise(in Shape x, in Shape w) =>
        w[1] == 1 && w[2] == 1 && w[3] == x[3]
        && window.Height is { Stride: 1, PadBefore: 0, PadAfter: 0 }
        && window.Width is { Stride: 1, PadBefore: 0, PadAfter: 0 };
}
