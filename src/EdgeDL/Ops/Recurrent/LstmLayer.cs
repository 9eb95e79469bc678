using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// i, s = f(W x + R h + P ⊙ c + b + b'); c = s ⊙ c + i ⊙ g(W x + R h + b + b'); o = f(… + P ⊙ c);
/// h = o ⊙ k(c), c unclipped as in ONNX Runtime. Rows in the order i, o, s (forget), candidate.
/// Operands and outputs as
/// <see cref="RecurrentLayer"/> says, then: the first c [batch, units], the peepholes of i, o, s
/// [3·units]; the last c. If coupled, s = 1 − i.
/// </summary>
/// <remarks>ONNX operator LSTM, one direction; coupled is its input_forget.</remarks>
public sealed class LstmLayer(bool reverse, float clip, GateFunction[] functions, bool coupled)
    : RecurrentLayer(reverse, clip, functions), IOp<LstmLayer>
{
    const int FirstCell = 7;
    const int Peephole = 8;

    public static OpCode Code => OpCode.LstmLayer;

    public override OpCode OpCode => Code;

    /// <summary>True if what is not let in is kept.</summary>
    public bool Coupled => coupled;

    private protected override int Gates => 4;

    private protected override int FunctionCount => 3;

    private protected override int MaxInputs => 9;

    private protected override int OutputCount => 3;

    private protected override int ScratchRows => 4;

    public static LstmLayer Read(ref AttributeReader a)
    {
        var (reverse, clip, functions) = ReadLayer(ref a, 3);
        return new(reverse, clip, functions, a.Bool());
    }

    public override void Write(ref AttributeWriter a)
    {
        base.Write(ref a);
        a.Bool(coupled);
    }

    private protected override void InferMore(InferContext c, in Shape state, int units)
    {
        Operand(c, FirstCell, state);
        Operand(c, Peephole, MovementRules.Shape(c, [3 * units]));
    }

    public override Step? Prepare(PrepareContext c) => new LstmStep(c, this);

    sealed unsafe class LstmStep(PrepareContext c, LstmLayer layer) : LayerStep(c, layer)
    {
        readonly GateFunction f = layer.Functions[0];
        readonly GateFunction g = layer.Functions[1];
        readonly GateFunction k = layer.Functions[2];
        readonly bool coupled = layer.Coupled;
        readonly TensorView cell = c.Output(2);
        readonly float* firstCell = Optional(c, FirstCell);
        readonly float* peephole = Optional(c, Peephole);

        public override void Run()
        {
            Begin(cell, firstCell);
            base.Run();
        }

        protected override void Advance(float* x, float* h, int batch)
        {
            int n = Units;
            float* sums = Scratch;
            float* state = cell.Pointer<float>() + ((long)batch * n);
            Sum(x, h, 4 * n, sums);
            for (int j = 0; j < n; j++)
            {
                float before = state[j];
                float input = Activate(f, sums[j] + Peep(0, j, before));
                float kept = coupled
                    ? 1 - input
                    : Activate(f, sums[(2 * n) + j] + Peep(2, j, before));
                float now = (kept * before) + (input * Activate(g, sums[(3 * n) + j]));
                float output = Activate(f, sums[n + j] + Peep(1, j, now));
                state[j] = now;
                h[j] = output * k.Apply(now);
            }
        }

        float Peep(int gate, int j, float c) =>
            peephole is null ? 0 : peephole[(gate * Units) + j] * c;
    }
}
