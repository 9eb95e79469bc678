using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = ln(x + offset), fp32: energies that may be zero.</summary>
public sealed class LogOffset(float offset) : Op, IOp<LogOffset>
{
    public static OpCode Code => OpCode.LogOffset;

    public override OpCode OpCode => Code;

    /// <summary>Added before the logarithm.</summary>
    public float Offset => offset;

    public static LogOffset Read(ref AttributeReader a) => new(a.Float());

    public override void Write(ref AttributeWriter a) => a.Float(offset);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        c.SetOutput(0, DType.Float32, c.Input(0).Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) =>
        new LogStep(c.Input(0), offset, c.Output(0));

    sealed class LogStep(TensorView x, double offset, TensorView y) : Step
    {
        public override void Run()
        {
            ReadOnlySpan<float> from = x.AsSpan<float>();
            Span<float> to = y.AsSpan<float>();
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (float)Math.Log(from[i] + offset);
            }
        }
    }
}
