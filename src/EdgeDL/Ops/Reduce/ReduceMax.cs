using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>
/// y = max x over some axes, fp32 (NaN anywhere gives NaN) or integers, which keep their
/// quantization. Of nothing: the lowest number, −∞ in fp32.
/// </summary>
public sealed class ReduceMax(ReduceAxes axes) : Op, IOp<ReduceMax>
{
    public static OpCode Code => OpCode.ReduceMax;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceMax Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c) => ReduceOps.InferOrder(c, axes);

    public override Step? Prepare(PrepareContext c) => ReduceOps.Order<Largest>(c, axes);
}
