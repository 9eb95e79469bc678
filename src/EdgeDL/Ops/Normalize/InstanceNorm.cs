using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = (x − mean) / √(variance + ε) · gamma + beta with mean and variance over all pixels of each
/// channel, [batch, …, channels], fp32. Inputs: x, gamma (optional), beta (optional).
/// </summary>
public sealed class InstanceNorm(float epsilon) : Op, IOp<InstanceNorm>
{
    public static OpCode Code => OpCode.InstanceNorm;

    public override OpCode OpCode => Code;

    public float Epsilon => epsilon;

    public static InstanceNorm Read(ref AttributeReader a) => new(a.Float());

    public override void Write(ref AttributeWriter a) => a.Float(epsilon);

    public override void Infer(InferContext c) => GroupNormStep.Infer(c, epsilon);

    public override Step? Prepare(PrepareContext c) =>
        new GroupNormStep(c, Math.Max(1, c.Input(0).Shape[-1]), epsilon);
}
