using EdgeDL.Execution;
using EdgeDL.Kernels.Conv;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[m, o] = act(bias[o] + Σ_i x[m, i] · w[o, i]): weights [O, I], bias [O] or left out. x is taken
/// as rows of I values; with <c>keepDims</c> its last axis alone is replaced by O.
/// </summary>
public sealed class FullyConnected(bool keepDims, Activation activation)
    : Op, IOp<FullyConnected>
{
    public static OpCode Code => OpCode.FullyConnected;

    public override OpCode OpCode => Code;

    public bool KeepDims => keepDims;

    public Activation Activation => activation;

    public static FullyConnected Read(ref AttributeReader a) =>
        new(a.Bool(), (Activation)a.Enum(Activations.Count));

    public override void Write(ref AttributeWriter a)
    {
        a.Bool(keepDims);
        a.Byte((byte)activation);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(2, 3, 1);
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        if (w.Rank != 2 || w.Elements == 0 || x.Elements == 0 || x.Elements % w[1] != 0)
        {
            c.Fail($"takes rows of values and weights [outputs, values], gets {x} and {w}");
        }

        if (keepDims && (x.Rank == 0 || x[-1] != w[1]))
        {
            c.Fail($"keeps the axes of {x}, whose last is not the weights' {w[1]}");
        }

        MacTypes.Check(c, w[0], 0, w[1]);
        int[] dims = keepDims ? [.. x.Dims[..^1], w[0]] : [x.Elements / w[1], w[0]];
        MacShapes.SetOutput(c, dims, w[1]);
        MacSteps.Scratch(c);
    }

    public override Step? Prepare(PrepareContext c)
    {
        Shape w = c.Input(1).Shape;
        int rows = c.Input(0).Elements / w[1];
        // Each row is a batch item of its own: dynamic ranges are chosen by row.
        var shape = ConvShape.MatMul(1, w[1], w[0]) with { Batch = rows };
        return MacSteps.Conv(c, shape, activation, WeightOrder.OutputMajor);
    }
}
