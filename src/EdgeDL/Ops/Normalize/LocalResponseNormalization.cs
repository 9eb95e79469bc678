using EdgeDL.Execution;
using EdgeDL.Kernels.Normalize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x · (bias + alpha · Σ x²)^(−beta), the sum over the channels at most radius away, [batch, …,
/// channels], fp32.
/// </summary>
public sealed class LocalResponseNormalization(int radius, float bias, float alpha, float beta)
    : Op, IOp<LocalResponseNormalization>
{
    public static OpCode Code => OpCode.LocalResponseNormalization;

    public override OpCode OpCode => Code;

    public int Radius => radius;

    public float Bias => bias;

    public float Alpha => alpha;

    public float Beta => beta;

    public static LocalResponseNormalization Read(ref AttributeReader a) =>
        new(a.Int(0, int.MaxValue), a.Float(), a.Float(), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(radius);
        a.Float(bias);
        a.Float(alpha);
        a.Float(beta);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        Shape x = NormalizeOps.Float(c);
        if (x.Rank < 1)
        {
            c.Fail($"takes [batch, …, channels], gets {x}");
        }
    }

    public override Step? Prepare(PrepareContext c) =>
        new NormStep(c, radius, bias, alpha, beta);

    sealed class NormStep(PrepareContext c, int radius, float bias, float alpha, float beta)
        : RowsStep(
            c.Workers, c.Input(0).Shape.Product(0, c.Input(0).Shape.Rank - 1),
            c.Input(0).Shape[-1] * 32L)
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView y = c.Output(0);

        protected override void Rows(int begin, int end) => LocalResponse.Run(
            x.AsSpan<float>(), y.AsSpan<float>(), x.Shape[-1], radius, bias, alpha, beta,
            begin, end);
    }
}
