using EdgeDL.Execution;
using EdgeDL.Kernels.Normalize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = (x − mean) / √(variance + ε) · gamma + beta over rows made of an axis and all behind it,
/// fp32. Inputs: x, gamma (optional), beta (optional), each as long as a row.
/// </summary>
public sealed class LayerNorm(int axis, float epsilon) : Op, IOp<LayerNorm>
{
    public static OpCode Code => OpCode.LayerNorm;

    public override OpCode OpCode => Code;

    /// <summary>The first axis of a row.</summary>
    public int Axis => axis;

    public float Epsilon => epsilon;

    public static LayerNorm Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Float(epsilon);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(1, 3, outputs: 1);
        Shape x = NormalizeOps.Float(c);
        RowAxis.Check(c, x, axis);
        NormalizeOps.Epsilon(c, epsilon);
        int length = x.Product(axis, x.Rank);
        NormalizeOps.Parameter(c, 1, length, "gamma");
        NormalizeOps.Parameter(c, 2, length, "beta");
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) => new NormStep(c, axis, epsilon);

    sealed class NormStep(PrepareContext c, int axis, float epsilon) : RowsStep(
        c.Workers,
        c.Input(0).Shape.Product(0, axis),
        c.Input(0).Shape.Product(axis, c.Input(0).Shape.Rank) * 4L)
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView y = c.Output(0);
        readonly FloatSpan gamma = NormalizeOps.Optional(c, 1);
        readonly FloatSpan beta = NormalizeOps.Optional(c, 2);
        readonly int length = c.Input(0).Shape.Product(axis, c.Input(0).Shape.Rank);

        protected override void Rows(int begin, int end) => RowNormalize.Layer(
            x.AsSpan<float>(), gamma.Span, beta.Span, y.AsSpan<float>(), length, epsilon,
            begin, end);
    }
}
