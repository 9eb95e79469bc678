using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = whether any x over some axes is true. Of nothing: false.</summary>
public sealed class ReduceAny(ReduceAxes axes) : Op, IOp<ReduceAny>
{
    public static OpCode Code => OpCode.ReduceAny;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceAny Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c)
    {
        Shape shape = axes.Infer(c);
        if (c.Input(0).DType != DType.Bool)
        {
            c.Fail($"takes Bool, gets {c.Input(0).DType}");
        }

        c.SetOutput(0, DType.Bool, shape);
    }

    public override Step? Prepare(PrepareContext c) =>
        ReduceOps.Plain<byte, AnyOf>(c, axes.Plan(c.Input(0).Shape));
}
