using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>h = f(W x + R h + b + b'). Operands as <see cref="RecurrentLayer"/> says.</summary>
/// <remarks>ONNX operator RNN, one direction.</remarks>
public sealed class RnnLayer(bool reverse, float clip, GateFunction[] functions)
    : RecurrentLayer(reverse, clip, functions), IOp<RnnLayer>
{
    public static OpCode Code => OpCode.RnnLayer;

    public override OpCode OpCode => Code;

    private protected override int Gates => 1;

    private protected override int FunctionCount => 1;

    private protected override int MaxInputs => 7;

    private protected override int OutputCount => 2;

    private protected override int ScratchRows => 1;

    public static RnnLayer Read(ref AttributeReader a)
    {
        var (reverse, clip, functions) = ReadLayer(ref a, 1);
        return new(reverse, clip, functions);
    }

    public override Step? Prepare(PrepareContext c) => new RnnStep(c, this);

    sealed unsafe class RnnStep(PrepareContext c, RnnLayer layer) : LayerStep(c, layer)
    {
        readonly GateFunction f = layer.Functions[0];

        protected override void Advance(float* x, float* h, int batch)
        {
            float* sums = Scratch;
            Sum(x, h, Units, sums);
            for (int k = 0; k < Units; k++)
            {
                h[k] = Activate(f, sums[k]);
            }
        }
    }
}
