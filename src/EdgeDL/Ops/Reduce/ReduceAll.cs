using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = whether every x over some axes is true. Of nothing: true.</summary>
public sealed class ReduceAll(ReduceAxes axes) : Op, IOp<ReduceAll>
{
    public static OpCode Code => OpCode.ReduceAll;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceAll Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

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
        ReduceOps.Plain<byte, AllOf>(c, axes.Plan(c.Input(0).Shape));
}
