using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>
/// z, r = f(W x + R h + b + b'); n = g(W x + b + r ⊙ (R h + b')) or g(W x + b + R (r ⊙ h) + b');
/// h = (1 − z) n + z h. Rows in the order z, r, n. Operands as <see cref="RecurrentLayer"/> says.
/// </summary>
/// <remarks>ONNX operator GRU, one direction; resetAfter is its linear_before_reset.</remarks>
public sealed class GruLayer(bool reverse, float clip, GateFunction[] functions, bool resetAfter)
    : RecurrentLayer(reverse, clip, functions), IOp<GruLayer>
{
    public static OpCode Code => OpCode.GruLayer;

    public override OpCode OpCode => Code;

    /// <summary>True if the reset gate acts on R h, false if on h.</summary>
    public bool ResetAfter => resetAfter;

    private protected override int Gates => 3;

    private protected override int FunctionCount => 2;

    private protected override int MaxInputs => 7;

    private protected override int OutputCount => 2;

    // The three gates, the candidate's part of h, and r ⊙ h.
    private protected override int ScratchRows => 5;

    public static GruLayer Read(ref AttributeReader a)
    {
        var (reverse, clip, functions) = ReadLayer(ref a, 2);
        return new(reverse, clip, functions, a.Bool());
    }

    public override void Write(ref AttributeWriter a)
    {
        base.Write(ref a);
        a.Bool(resetAfter);
    }

    public override Step? Prepare(PrepareContext c) => new GruStep(c, this);

    sealed unsafe class GruStep(PrepareContext c, GruLayer layer) : LayerStep(c, layer)
    {
        readonly GateFunction f = layer.Functions[0];
        readonly GateFunction g = layer.Functions[1];
        readonly bool resetAfter = layer.ResetAfter;

        protected override void Advance(float* x, float* h, int batch)
        {
            int n = Units;
            float* gates = Scratch;
            float* candidate = gates + (2L * n);
            float* state = candidate + n;
            float* masked = state + n;
            Sum(x, h, 2 * n, gates);
            for (int k = 0; k < 2 * n; k++)
            {
                gates[k] = Activate(f, gates[k]);
            }

            StartInput(2 * n, n, candidate);
            Dots.Run(W + (2L * n * Inputs), x, n, Inputs, candidate);
            for (int k = 0; k < n; k++)
            {
                state[k] = 0;
                masked[k] = resetAfter ? h[k] : gates[n + k] * h[k];
            }

            AddBias(2 * n, n, state);
            Dots.Run(R + (2L * n * n), masked, n, n, state);
            for (int k = 0; k < n; k++)
            {
                float reset = resetAfter ? gates[n + k] : 1f;
                float to = Activate(g, candidate[k] + (reset * state[k]));
                h[k] = ((1 - gates[k]) * to) + (gates[k] * h[k]);
            }
        }
    }
}
