using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[n,d,h,w,o] = act(bias[o] + Σ x[n, d·s + i·δ − pad, …, c] · k[i,j,l,c,o]): x NDHWC,
/// weights DHWIO, bias [O] or left out. Groups = C / I, each seeing its own channels.
/// </summary>
public sealed class Conv3D(ConvWindow3D window, Activation activation) : Op, IOp<Conv3D>
{
    public static OpCode Code => OpCode.Conv3D;

    public override OpCode OpCode => Code;

    public ConvWindow3D Window => window;

    public Activation Activation => activation;

    public static Conv3D Read(ref AttributeReader a) =>
        new(ConvWindow3D.Read(ref a), (Activation)a.Enum(Activations.Count));

    public override void Write(ref AttributeWriter a)
    {
        window.Write(ref a);
        a.Byte((byte)activation);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(2, 3, 1);
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        MacShapes.CheckRanks(c, x, w, 5);
        MacShapes.Groups(c, x[4], w[3], w[4]);
        long depth = (long)w.Product(0, 3) * w[3];
        MacTypes.Check(c, w[4], 4, depth);
        MacShapes.SetOutput(
            c,
            [
                x[0],
                window.Depth.Output(c, x[1], w[0]),
                window.Height.Output(c, x[2], w[1]),
                window.Width.Output(c, x[3], w[2]),
                w[4],
            ],
            depth);
        MacSteps.Scratch(c);
    }

    public override Step? Prepare(PrepareContext c)
    {
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        return MacSteps.Conv(
            c, window.Bind(x, c.Output(0).Shape, w[0], w[1], w[2], x[4] / w[3]), activation,
            WeightOrder.TapMajor);
    }
}
