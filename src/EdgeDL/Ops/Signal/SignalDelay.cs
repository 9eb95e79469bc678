using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y is x, some samples late; int16, each row of the last axis a stream of its own. The
/// samples on their way live in a variable.</summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalDelay.</remarks>
public sealed class SignalDelay(int samples, int variable) : Op, IOp<SignalDelay>
{
    public static OpCode Code => OpCode.SignalDelay;

    public override OpCode OpCode => Code;

    /// <summary>How late.</summary>
    public int Samples => samples;

    public static SignalDelay Read(ref AttributeReader a) => new(a.Int(0, 1 << 24), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(samples);
        a.Int(variable);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Int16);
        Shape x = c.Input(0).Shape;
        if (x.Rank == 0)
        {
            c.Fail("takes frames, not a scalar");
        }

        long streams = x.Product(0, x.Rank - 1);
        SignalRules.Variable(c, variable, DType.Int16, streams * samples);
        c.SetOutput(0, DType.Int16, x);
    }

    public override Step? Prepare(PrepareContext c) =>
        new DelayStep(c.Input(0), samples, c.Variable(variable), c.Output(0));

    sealed class DelayStep(TensorView x, int samples, TensorView held, TensorView y) : Step
    {
        readonly int streams = x.Shape.Product(0, x.Shape.Rank - 1);
        readonly int frame = x.Shape[-1];

        public override void Run()
        {
            for (int s = 0; s < streams; s++)
            {
                SampleStream.Delay(
                    x.AsSpan<short>().Slice(s * frame, frame),
                    held.AsSpan<short>().Slice(s * samples, samples),
                    y.AsSpan<short>().Slice(s * frame, frame));
            }
        }
    }
}
