using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = Σ |x| over some axes, fp32.</summary>
public sealed class ReduceL1(ReduceAxes axes) : Op, IOp<ReduceL1>
{
    public static OpCode Code => OpCode.ReduceL1;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceL1 Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c)
    {
        Shape shape = axes.Infer(c);
        if (c.Input(0).DType != DType.Float32)
        {
            c.Fail($"takes Float32, gets {c.Input(0).DType}");
        }

        c.SetOutput(0, DType.Float32, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        ReducePlan plan = axes.Plan(c.Input(0).Shape);
        return ReduceOps.Plain<float, SumOfMagnitudes>(c, plan);
    }
}
