using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = round(√x) / 2^s: uint64 energies to uint32 amplitudes; s is the second input, the
/// scale bits of <see cref="SignalFftAutoScale"/>.</summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalFilterBankSquareRoot.</remarks>
public sealed class SignalFilterBankSquareRoot : Op, IOp<SignalFilterBankSquareRoot>
{
    public static OpCode Code => OpCode.SignalFilterBankSquareRoot;

    public override OpCode OpCode => Code;

    public static SignalFilterBankSquareRoot Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        MovementRules.Type(c, 0, DType.UInt64);
        MovementRules.Type(c, 1, DType.Int32);
        if (c.Input(1).Shape.Elements != 1)
        {
            c.Fail($"the scale bits are {c.Input(1).Shape}, not one number");
        }

        c.SetOutput(0, DType.UInt32, c.Input(0).Shape);
    }

    public override Step? Prepare(PrepareContext c) =>
        new RootStep(c.Name, c.Input(0), c.Input(1), c.Output(0));

    sealed class RootStep(string name, TensorView x, TensorView bits, TensorView y) : Step
    {
        public override void Run()
        {
            int shift = bits.AsSpan<int>()[0];
            if (shift < 0)
            {
                DataRangeException.Throw(name, "scale bits must not be negative", shift);
            }

            FixedFrontEnd.SquareRoot(x.AsSpan<ulong>(), shift, y.AsSpan<uint>());
        }
    }
}
