using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[n,h,w,c·m + j] = act(bias + Σ x[n, h·s + i·d − pad, …, c] · k[0,i,j,c·m + j]): x NHWC, weights
/// 1HWO with O = C · m, bias [O] or left out.
/// </summary>
public sealed class DepthwiseConv2D(ConvWindow2D window, Activation activation)
    : Op, IOp<DepthwiseConv2D>
{
    public static OpCode Code => OpCode.DepthwiseConv2D;

    public override OpCode OpCode => Code;

    public ConvWindow2D Window => window;

    public Activation Activation => activation;

    public static DepthwiseConv2D Read(ref AttributeReader a) =>
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
        if (w.Shape[0] != 1 || w.Shape[3] % x.Shape[3] != 0)
        {
            c.Fail($"takes weights [1, h, w, {x.Shape[3]} · multiplier], gets {w.Shape}");
        }

        long taps = (long)w.Shape[1] * w.Shape[2];
        MacTypes.Check(c, w.Shape[3], 3, taps);
        MacShapes.SetOutput(
            c,
            [
                x.Shape[0],
                window.Height.Output(c, x.Shape[1], w.Shape[1]),
                window.Width.Output(c, x.Shape[2], w.Shape[2]),
                w.Shape[3],
            ],
            taps);
        MacSteps.Scratch(c);
    }

    public override Step? Prepare(PrepareContext c)
    {
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        var shape = window.Bind(x, c.Output(0).Shape, w[1], w[2], x[3]);
        // Every output sees the one channel there is: an ordinary convolution, with weights
        // that lie output innermost.
        return x[3] == 1
            ? MacSteps.Conv(c, shape, activation, WeightOrder.TapMajor)
            : MacSteps.Depthwise(c, shape, activation);
    }
}
