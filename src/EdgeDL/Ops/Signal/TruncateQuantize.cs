using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = clamp(truncate(x / scale + zero)), toward zero: fp32 to int8, with the scale and
/// zero point of the output. Some front ends were trained with this instead of rounding.</summary>
public sealed class TruncateQuantize : Op, IOp<TruncateQuantize>
{
    public static OpCode Code => OpCode.TruncateQuantize;

    public override OpCode OpCode => Code;

    public static TruncateQuantize Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        if (c.OutputQuant(0) is not { IsPerTensor: true })
        {
            c.Fail("the output needs one scale and one zero point");
        }

        c.SetOutput(0, DType.Int8, c.Input(0).Shape);
    }

    public override Step? Prepare(PrepareContext c) => new QuantizeStep(c.Input(0), c.Output(0));

    sealed class QuantizeStep(TensorView x, TensorView y) : Step
    {
        readonly double scale = y.Quant!.Scale;
        readonly int zero = y.Quant!.ZeroPoint;

        public override void Run()
        {
            ReadOnlySpan<float> from = x.AsSpan<float>();
            Span<sbyte> to = y.AsSpan<sbyte>();
            for (int i = 0; i < to.Length; i++)
            {
                double q = Math.Truncate((from[i] / scale) + zero);
                to[i] = (sbyte)Math.Clamp(double.IsNaN(q) ? 0 : q, sbyte.MinValue, sbyte.MaxValue);
            }
        }
    }
}
