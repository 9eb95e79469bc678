using EdgeDL.Execution;
using EdgeDL.Kernels.Normalize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = (x − mean) / √(variance + ε) · gamma + beta with mean and variance over all pixels and the
/// channels of a group, [batch, …, channels], fp32. Inputs: x, gamma (optional), beta (optional),
/// each as long as there are channels.
/// </summary>
public sealed class GroupNorm(int groups, float epsilon) : Op, IOp<GroupNorm>
{
    public static OpCode Code => OpCode.GroupNorm;

    public override OpCode OpCode => Code;

    public int Groups => groups;

    public float Epsilon => epsilon;

    public static GroupNorm Read(ref AttributeReader a) =>
        new(a.Int(1, int.MaxValue), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(groups);
        a.Float(epsilon);
    }

    public override void Infer(InferContext c)
    {
        Shape x = GroupNormStep.Infer(c, epsilon);
        if (groups < 1 || x[-1] % groups != 0)
        {
            c.Fail($"{x[-1]} channels do not fall into {groups} groups");
        }
    }

    public override Step? Prepare(PrepareContext c) => new GroupNormStep(c, groups, epsilon);
}

/// <summary>Group and instance normalisation.</summary>
sealed class GroupNormStep(PrepareContext c, int groups, float epsilon) : RowsStep(
    c.Workers, c.Input(0).Shape[0], c.Input(0).Elements / Math.Max(1, c.Input(0).Shape[0]) * 4L)
{
    readonly TensorView x = c.Input(0);
    readonly TensorView y = c.Output(0);
    readonly FloatSpan gamma = NormalizeOps.Optional(c, 1);
    readonly FloatSpan beta = NormalizeOps.Optional(c, 2);
    readonly int pixels = c.Input(0).Shape.Product(1, c.Input(0).Shape.Rank - 1);

    /// <summary>Checks everything but the groups; returns x's shape.</summary>
    public static Shape Infer(InferContext c, float epsilon)
    {
        c.Arity(1, 3, outputs: 1);
        Shape x = NormalizeOps.Float(c);
        if (x.Rank < 2)
        {
            c.Fail($"takes [batch, …, channels], gets {x}");
        }

        NormalizeOps.Epsilon(c, epsilon);
        NormalizeOps.Parameter(c, 1, x[-1], "gamma");
        NormalizeOps.Parameter(c, 2, x[-1], "beta");
        c.InPlace(output: 0, input: 0);
        return x;
    }

    protected override void Rows(int begin, int end) => ChannelNormalize.Group(
        x.AsSpan<float>(), gamma.Span, beta.Span, y.AsSpan<float>(),
        pixels, x.Shape[-1], groups, epsilon, begin, end);
}
