using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// z, r = σ(W x + R h + b); n = tanh(W x + b + r ⊙ (R h + b')) or tanh(W x + R (r ⊙ h) + b + b');
/// h = (1 − z) n + z h. Inputs: x, W [3·units, inputs], R [3·units, units], b, b' (3·units each);
/// rows in the order z, r, n; the state lives in a variable; fp32.
/// </summary>
/// <remarks>ONNX operator GRU; resetAfter is its linear_before_reset.</remarks>
public sealed class Gru(bool timeMajor, bool reverse, bool resetAfter, int hidden) : Op, IOp<Gru>
{
    public static OpCode Code => OpCode.Gru;

    public override OpCode OpCode => Code;

    /// <summary>True if the reset gate acts on R h, false if on h.</summary>
    public bool ResetAfter => resetAfter;

    /// <summary>True for [time, batch, n].</summary>
    public bool TimeMajor => timeMajor;

    /// <summary>True if the last step runs first.</summary>
    public bool Reverse => reverse;

    /// <summary>The variable that holds h.</summary>
    public int Hidden => hidden;

    public static Gru Read(ref AttributeReader a) => new(a.Bool(), a.Bool(), a.Bool(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Bool(timeMajor);
        a.Bool(reverse);
        a.Bool(resetAfter);
        a.Int(hidden);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 5, outputs: 1);
        for (int i = 0; i < 5; i++)
        {
            MovementRules.Type(c, i, DType.Float32);
        }

        SequenceShape sequence = SequenceShape.Of(c, timeMajor, reverse);
        Shape r = c.Input(2).Shape;
        if (r.Rank != 2 || r[1] == 0 || r[0] != 3L * r[1] || sequence.Inputs == 0)
        {
            c.Fail($"recurrent weights {r} are not three square matrices");
        }

        int units = r[1];
        MovementRules.Shape(c, 1, MovementRules.Shape(c, [r[0], sequence.Inputs]));
        MovementRules.Shape(c, 3, new Shape(r[0]));
        MovementRules.Shape(c, 4, new Shape(r[0]));
        SignalRules.Variable(c, hidden, DType.Float32, (long)sequence.Batch * units);
        c.Scratch(7L * units * sizeof(float));
        c.SetOutput(0, DType.Float32, MovementRules.Shape(
            c, [.. c.Input(0).Shape.Dims[..^1], units]));
        c.Macs((long)sequence.Batch * sequence.Time * r[0] * (sequence.Inputs + units));
    }

    public override Step? Prepare(PrepareContext c) => new GruStep(
        c, SequenceShape.Of(c.Input(0).Shape, timeMajor, reverse), resetAfter, c.Variable(hidden));

    sealed unsafe class GruStep(
        PrepareContext c, SequenceShape sequence, bool resetAfter, TensorView hidden) : Step
    {
        readonly Kernels.Recurrent.RowDots.FloatRow dots = Kernels.Recurrent.RowDots.BestFloat();
        readonly TensorView x = c.Input(0);
        readonly TensorView w = c.Input(1);
        readonly TensorView r = c.Input(2);
        readonly TensorView inputBias = c.Input(3);
        readonly TensorView stateBias = c.Input(4);
        readonly TensorView y = c.Output(0);
        readonly int units = c.Input(2).Shape[1];
        readonly float* scratch = (float*)c.ScratchPointer;

        public override void Run()
        {
            for (int b = 0; b < sequence.Batch; b++)
            {
                float* h = hidden.Pointer<float>() + ((long)b * units);
                for (int t = 0; t < sequence.Time; t++)
                {
                    long row = sequence.Row(b, t);
                    StepOnce(x.Pointer<float>() + (row * sequence.Inputs), h);
                    new ReadOnlySpan<float>(h, units).CopyTo(
                        new Span<float>(y.Pointer<float>() + (row * units), units));
                }
            }
        }

        void StepOnce(float* from, float* h)
        {
            float* own = scratch;
            float* state = own + (3L * units);
            float* masked = state + (3L * units);
            inputBias.AsSpan<float>().CopyTo(new Span<float>(own, 3 * units));
            stateBias.AsSpan<float>().CopyTo(new Span<float>(state, 3 * units));
            dots.Run(w.Pointer<float>(), from, 3 * units, sequence.Inputs, own);
            dots.Run(r.Pointer<float>(), h, resetAfter ? 3 * units : 2 * units, units, state);
            for (int k = 0; k < 2 * units; k++)
            {
                own[k] = CellActivations.Apply(CellActivation.Logistic, own[k] + state[k]);
            }

            float* last = state + (2L * units);
            if (!resetAfter)
            {
                for (int k = 0; k < units; k++)
                {
                    masked[k] = own[units + k] * h[k];
                }

                dots.Run(
                    r.Pointer<float>() + (2L * units * units), masked, units, units, last);
            }

            for (int k = 0; k < units; k++)
            {
                float z = own[k];
                float reset = resetAfter ? own[units + k] : 1f;
                float n = MathF.Tanh(own[(2 * units) + k] + (reset * last[k]));
                h[k] = ((1 - z) * n) + (z * h[k]);
            }
        }
    }
}
