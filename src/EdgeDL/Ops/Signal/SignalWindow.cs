using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = clamp(x · window / 2^shift), frame by frame; x, window and y are int16.</summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalWindow.</remarks>
public sealed class SignalWindow(int shift) : Op, IOp<SignalWindow>
{
    public static OpCode Code => OpCode.SignalWindow;

    public override OpCode OpCode => Code;

    /// <summary>Fraction bits of the window.</summary>
    public int Shift => shift;

    public static SignalWindow Read(ref AttributeReader a) => new(a.Int(0, 31));

    public override void Write(ref AttributeWriter a) => a.Int(shift);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        MovementRules.Type(c, 0, DType.Int16);
        MovementRules.Type(c, 1, DType.Int16);
        Shape x = c.Input(0).Shape;
        Shape window = c.Input(1).Shape;
        if (x.Rank == 0 || window.Rank != 1 || x[-1] != window[0] || window[0] == 0)
        {
            c.Fail($"a window of {window} does not fit frames of {x}");
        }

        c.SetOutput(0, DType.Int16, x);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) =>
        new WindowStep(c.Input(0), c.Input(1), shift, c.Output(0));

    sealed class WindowStep(TensorView x, TensorView window, int shift, TensorView y) : Step
    {
        public override void Run()
        {
            int n = window.Elements;
            for (int at = 0; at < x.Elements; at += n)
            {
                FixedFrontEnd.Window(
                    x.AsSpan<short>().Slice(at, n), window.AsSpan<short>(), shift,
                    y.AsSpan<short>().Slice(at, n));
            }
        }
    }
}
