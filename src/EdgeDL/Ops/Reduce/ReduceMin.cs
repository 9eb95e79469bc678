using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>
/// y = min x over some axes, fp32 (NaN anywhere gives NaN) or integers, which keep their
/// quantization. Of nothing: the highest number, +∞ in fp32.
/// </summary>
public sealed class ReduceMin(ReduceAxes axes) : Op, IOp<ReduceMin>
{
    public static OpCode Code => OpCode.ReduceMin;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceMin Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c) => ReduceOps.InferOrder(c, axes);

    public override Step? Prepare(PrepareContext c) => ReduceOps.Order<Smallest>(c, axes);
}
