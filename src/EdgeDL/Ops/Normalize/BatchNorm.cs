using EdgeDL.Execution;
using EdgeDL.Kernels.Normalize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = (x − mean) / √(variance + ε) · gamma + beta, a channel at a time, [batch, …, channels],
/// fp32. Inputs: x, gamma, beta, mean, variance.
/// </summary>
public sealed class BatchNorm(float epsilon) : Op, IOp<BatchNorm>
{
    public static OpCode Code => OpCode.BatchNorm;

    public override OpCode OpCode => Code;

    public float Epsilon => epsilon;

    public static BatchNorm Read(ref AttributeReader a) => new(a.Float());

    public override void Write(ref AttributeWriter a) => a.Float(epsilon);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 5, outputs: 1);
        Shape x = NormalizeOps.Float(c);
        if (x.Rank < 1)
        {
            c.Fail($"takes [batch, …, channels], gets {x}");
        }

        NormalizeOps.Epsilon(c, epsilon);
        string[] names = ["x", "gamma", "beta", "mean", "variance"];
        for (int i = 1; i < 5; i++)
        {
            NormalizeOps.Parameter(c, i, x[-1], names[i]);
        }

        c.Scratch(8L * x[-1]);
        c.InPlace(output: 0, input: 0);
    }

    public override unsafe Step? Prepare(PrepareContext c) =>
        new NormStep(c, epsilon, (float*)c.ScratchPointer);

    // The parameters may be computed by the graph, so they are folded in every run.
    sealed unsafe class NormStep(PrepareContext c, float epsilon, float* scratch) : Step
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView y = c.Output(0);
        readonly FloatSpan gamma = NormalizeOps.Optional(c, 1);
        readonly FloatSpan beta = NormalizeOps.Optional(c, 2);
        readonly FloatSpan mean = NormalizeOps.Optional(c, 3);
        readonly FloatSpan variance = NormalizeOps.Optional(c, 4);

        public override void Run()
        {
            int channels = x.Shape[-1];
            var scale = new Span<float>(scratch, channels);
            var offset = new Span<float>(scratch + channels, channels);
            ChannelNormalize.Fold(
                gamma.Span, beta.Span, mean.Span, variance.Span, epsilon, scale, offset);
            int pixels = x.Shape.Product(0, x.Shape.Rank - 1);
            ChannelNormalize.Affine(
                x.AsSpan<float>(), scale, offset, y.AsSpan<float>(), 0, pixels);
        }
    }
}
