using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = max(x − noise, x · minimum), with a noise estimate per channel that follows x; uint32. The
/// second output is the estimate; it lives on in a variable.
/// </summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalFilterBankSpectralSubtraction.</remarks>
public sealed class SignalFilterBankSpectralSubtraction(
    FixedFrontEnd.Subtraction settings, int variable)
    : Op, IOp<SignalFilterBankSpectralSubtraction>
{
    public static OpCode Code => OpCode.SignalFilterBankSpectralSubtraction;

    public override OpCode OpCode => Code;

    /// <summary>Smoothing and bit counts.</summary>
    public FixedFrontEnd.Subtraction Settings => settings;

    public static SignalFilterBankSpectralSubtraction Read(ref AttributeReader a) =>
        new(
            new FixedFrontEnd.Subtraction(
                (uint)a.Int(), (uint)a.Int(), (uint)a.Int(), (uint)a.Int(), (uint)a.Int(),
                a.Int(0, 31), a.Int(0, 63), a.Bool()),
            a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int((int)settings.Smoothing);
        a.Int((int)settings.OneMinusSmoothing);
        a.Int((int)settings.AlternateSmoothing);
        a.Int((int)settings.AlternateOneMinusSmoothing);
        a.Int((int)settings.MinSignalRemaining);
        a.Int(settings.SmoothingBits);
        a.Int(settings.Bits);
        a.Bool(settings.Clamping);
        a.Int(variable);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 2);
        MovementRules.Type(c, 0, DType.UInt32);
        Shape x = c.Input(0).Shape;
        SignalRules.Variable(c, variable, DType.UInt32, x.Elements);
        c.SetOutput(0, DType.UInt32, x);
        c.SetOutput(1, DType.UInt32, x);
    }

    public override Step? Prepare(PrepareContext c) => new SubtractionStep(
        settings, c.Input(0), c.Variable(variable), c.Output(0), c.Output(1));

    sealed class SubtractionStep(
        FixedFrontEnd.Subtraction settings, TensorView x, TensorView noise, TensorView y,
        TensorView estimate) : Step
    {
        public override void Run()
        {
            FixedFrontEnd.SpectralSubtraction(
                settings, x.AsSpan<uint>(), noise.AsSpan<uint>(), y.AsSpan<uint>());
            noise.AsSpan<uint>().CopyTo(estimate.AsSpan<uint>());
        }
    }
}
