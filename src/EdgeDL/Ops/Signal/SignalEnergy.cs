using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y[k] = re² + im² of an int16 spectrum for k in [start, end), else 0; uint32.</summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalEnergy.</remarks>
public sealed class SignalEnergy(int start, int end) : Op, IOp<SignalEnergy>
{
    public static OpCode Code => OpCode.SignalEnergy;

    public override OpCode OpCode => Code;

    /// <summary>The first bin.</summary>
    public int Start => start;

    /// <summary>One past the last bin.</summary>
    public int End => end;

    public static SignalEnergy Read(ref AttributeReader a) => new(a.Int(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(start);
        a.Int(end);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Int16);
        Shape x = c.Input(0).Shape;
        if (x.Rank != 1 || x[0] % 2 != 0 || start < 0 || start > end || end > x[0] / 2)
        {
            c.Fail($"bins {start} to {end} are not inside a spectrum of {x}");
        }

        c.SetOutput(0, DType.UInt32, new Shape(x[0] / 2));
    }

    public override Step? Prepare(PrepareContext c) =>
        new EnergyStep(c.Input(0), start, end, c.Output(0));

    sealed class EnergyStep(TensorView x, int start, int end, TensorView y) : Step
    {
        public override void Run() => FixedFrontEnd.Energy(
            MemoryMarshal.Cast<short, FftComplex<short>>(x.AsSpan<short>()), start, end,
            y.AsSpan<uint>());
    }
}
