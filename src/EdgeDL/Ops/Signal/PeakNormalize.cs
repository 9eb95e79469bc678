using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = x / max(x): int16 samples to fp32, scaled so that the highest is 1. Where no
/// sample is positive, y = x.</summary>
public sealed class PeakNormalize : Op, IOp<PeakNormalize>
{
    public static OpCode Code => OpCode.PeakNormalize;

    public override OpCode OpCode => Code;

    public static PeakNormalize Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Int16);
        c.SetOutput(0, DType.Float32, c.Input(0).Shape);
    }

    public override Step? Prepare(PrepareContext c) => new NormalizeStep(c.Input(0), c.Output(0));

    sealed class NormalizeStep(TensorView x, TensorView y) : Step
    {
        public override void Run()
        {
            ReadOnlySpan<short> from = x.AsSpan<short>();
            Span<float> to = y.AsSpan<float>();
            short peak = 0;
            foreach (short v in from)
            {
                peak = Math.Max(peak, v);
            }

            float divisor = peak == 0 ? 1 : peak;
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[i] / divisor;
            }
        }
    }
}
