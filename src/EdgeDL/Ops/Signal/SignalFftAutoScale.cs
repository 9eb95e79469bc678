using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = x · 2^s with the largest s that keeps int16; the second output is s.</summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalFftAutoScale.</remarks>
public sealed class SignalFftAutoScale : Op, IOp<SignalFftAutoScale>
{
    public static OpCode Code => OpCode.SignalFftAutoScale;

    public override OpCode OpCode => Code;

    public static SignalFftAutoScale Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 2);
        MovementRules.Type(c, 0, DType.Int16);
        c.SetOutput(0, DType.Int16, c.Input(0).Shape);
        c.SetOutput(1, DType.Int32, Shape.Scalar);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) =>
        new ScaleStep(c.Input(0), c.Output(0), c.Output(1));

    sealed class ScaleStep(TensorView x, TensorView y, TensorView bits) : Step
    {
        public override void Run() =>
            bits.AsSpan<int>()[0] = FixedFrontEnd.AutoScale(x.AsSpan<short>(), y.AsSpan<short>());
    }
}
