using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// One step of the basic LSTM: (i, g, f, o) = W (x, h) + b; c' = σ(f) c + σ(i) tanh(g);
/// h' = σ(o) tanh(c'). Inputs: x, h, W, b, c; outputs: h', c', (x, h) and the four sums; fp32.
/// </summary>
/// <remarks>TensorFlow Lite's LSTM with the basic kernel.</remarks>
public sealed class LstmCell : Op, IOp<LstmCell>
{
    public static OpCode Code => OpCode.LstmCell;

    public override OpCode OpCode => Code;

    public static LstmCell Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 5, outputs: 4);
        Shape x = c.Input(0).Shape;
        Shape state = c.Input(4).Shape;
        if (x.Rank != 2 || state.Rank != 2 || state[0] != x[0] || state[1] == 0
            || (long)state[1] * 4 > int.MaxValue || (long)x[1] + state[1] > int.MaxValue)
        {
            c.Fail($"inputs {x} and cells {state} must be matrices with one row a batch");
        }

        int units = state[1];
        int joined = x[1] + units;
        for (int i = 0; i < 5; i++)
        {
            MovementRules.Type(c, i, DType.Float32);
        }

        MovementRules.Shape(c, 1, state);
        MovementRules.Shape(c, 2, MovementRules.Shape(c, [4 * units, joined]));
        MovementRules.Shape(c, 3, new Shape(4 * units));
        c.SetOutput(0, DType.Float32, state);
        c.SetOutput(1, DType.Float32, state);
        c.SetOutput(2, DType.Float32, MovementRules.Shape(c, [x[0], joined]));
        c.SetOutput(3, DType.Float32, MovementRules.Shape(c, [x[0], 4 * units]));
        c.Macs((long)x[0] * 4 * units * joined);
    }

    public override Step? Prepare(PrepareContext c) => new CellStep(c);

    sealed unsafe class CellStep(PrepareContext c) : Step
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView h = c.Input(1);
        readonly TensorView bias = c.Input(3);
        readonly TensorView cell = c.Input(4);
        readonly TensorView newH = c.Output(0);
        readonly TensorView newCell = c.Output(1);
        readonly TensorView joined = c.Output(2);
        readonly TensorView sums = c.Output(3);
        readonly CellMatrix weights = new(c, 2, null);

        public override void Run()
        {
            int inputs = x.Shape[1];
            int units = cell.Shape[1];
            for (int b = 0; b < x.Shape[0]; b++)
            {
                float* row = joined.Pointer<float>() + ((long)b * (inputs + units));
                x.AsSpan<float>().Slice(b * inputs, inputs).CopyTo(new Span<float>(row, inputs));
                h.AsSpan<float>().Slice(b * units, units)
                    .CopyTo(new Span<float>(row + inputs, units));
                float* s = sums.Pointer<float>() + ((long)b * 4 * units);
                bias.AsSpan<float>().CopyTo(new Span<float>(s, 4 * units));
                weights.Add(new CellVector(row, inputs + units, null, false), s);
                int at = b * units;
                Combine(
                    s, units, cell.AsSpan<float>().Slice(at, units),
                    newCell.AsSpan<float>().Slice(at, units),
                    newH.AsSpan<float>().Slice(at, units));
            }
        }

        static void Combine(
            float* s, int units, ReadOnlySpan<float> old, Span<float> state, Span<float> h)
        {
            for (int k = 0; k < units; k++)
            {
                float i = CellActivations.Apply(CellActivation.Logistic, s[k]);
                float g = MathF.Tanh(s[units + k]);
                float f = CellActivations.Apply(CellActivation.Logistic, s[(2 * units) + k]);
                float o = CellActivations.Apply(CellActivation.Logistic, s[(3 * units) + k]);
                state[k] = (f * old[k]) + (i * g);
                h[k] = o * MathF.Tanh(state[k]);
            }
        }
    }
}
