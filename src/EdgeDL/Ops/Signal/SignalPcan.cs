using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Per-channel automatic gain: y = shrink(x · gain(noise) / 2^snrShift), uint32. Inputs:
/// x, noise estimate, gain table (int16).</summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalPCAN.</remarks>
public sealed class SignalPcan(int snrShift) : Op, IOp<SignalPcan>
{
    // Three entries, then four an octave up to that of 2³¹.
    const int TableLength = 125;

    public static OpCode Code => OpCode.SignalPcan;

    public override OpCode OpCode => Code;

    /// <summary>Bits by which x · gain is shifted down.</summary>
    public int SnrShift => snrShift;

    public static SignalPcan Read(ref AttributeReader a) => new(a.Int(0, 63));

    public override void Write(ref AttributeWriter a) => a.Int(snrShift);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 1);
        MovementRules.Type(c, 0, DType.UInt32);
        MovementRules.Type(c, 1, DType.UInt32);
        MovementRules.Type(c, 2, DType.Int16);
        MovementRules.Shape(c, 1, c.Input(0).Shape);
        if (c.Input(2).Shape.Elements < TableLength)
        {
            c.Fail($"the gain table has {c.Input(2).Shape.Elements} entries, {TableLength} are "
                + "needed");
        }

        c.SetOutput(0, DType.UInt32, c.Input(0).Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) =>
        new PcanStep(c.Input(0), c.Input(1), c.Input(2), snrShift, c.Output(0));

    sealed class PcanStep(
        TensorView x, TensorView noise, TensorView gains, int snrShift, TensorView y) : Step
    {
        public override void Run() => FixedFrontEnd.Pcan(
            x.AsSpan<uint>(), noise.AsSpan<uint>(), gains.AsSpan<short>(), snrShift,
            y.AsSpan<uint>());
    }
}
