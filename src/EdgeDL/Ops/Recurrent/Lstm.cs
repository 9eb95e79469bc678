using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>The choices of an LSTM.</summary>
/// <param name="Activation">Of the candidate and of the cell on its way out; usually tanh.</param>
/// <param name="CellClip">The cell stays within ±this; 0 for no bound.</param>
/// <param name="ProjectionClip">The projection stays within ±this; 0 for no bound.</param>
/// <param name="TimeMajor">True for [time, batch, n].</param>
/// <param name="Reverse">True if the last step runs first.</param>
/// <param name="AsymmetricInputs">With int8 weights and fp32 inputs: quantize those with a zero
/// point.</param>
public readonly record struct LstmSettings(
    CellActivation Activation,
    float CellClip,
    float ProjectionClip,
    bool TimeMajor,
    bool Reverse,
    bool AsymmetricInputs);

/// <summary>
/// i, f, o = σ(W x + R h + P ⊙ c + b); c = f ⊙ c + i ⊙ g(W x + R h + b); h = Proj(o ⊙ g(c)). The
/// state h and c live in two variables.
/// </summary>
/// <remarks>
/// Inputs: x; W of input, forget, cell, output; R of the same; P of input, forget, output; b of
/// input, forget, cell, output; projection weights and bias; layer-norm weights of input, forget,
/// cell, output. Without W of input, i = 1 − f. Either all fp32, or fp32 with int8 weights, or
/// int8 with an int16 cell. (TensorFlow Lite, unidirectional sequence LSTM.)
/// </remarks>
public sealed class Lstm(
    LstmSettings settings, int hidden, int cell, float[] scales, int hiddenZero) : Op, IOp<Lstm>
{
    // Of the gates' sums with layer norm (input, forget, cell, output), and of o ⊙ g(c).
    internal const int ScaleCount = 5;

    public static OpCode Code => OpCode.Lstm;

    public override OpCode OpCode => Code;

    /// <summary>The choices.</summary>
    public LstmSettings Settings => settings;

    /// <summary>The variable that holds h.</summary>
    public int Hidden => hidden;

    /// <summary>The variable that holds c.</summary>
    public int Cell => cell;

    /// <summary>The inner scales of the integer form: of the gates' sums with layer norm, and of
    /// o ⊙ g(c).</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>The zero point of o ⊙ g(c).</summary>
    public int HiddenZero => hiddenZero;

    public static Lstm Read(ref AttributeReader a) =>
        new(
            new LstmSettings(
                (CellActivation)a.Enum(CellActivations.Count), a.Float(), a.Float(), a.Bool(),
                a.Bool(), a.Bool()),
            a.Int(), a.Int(), a.Floats(ScaleCount), a.Int(-128, 127));

    public override void Write(ref AttributeWriter a)
    {
        a.Byte((byte)settings.Activation);
        a.Float(settings.CellClip);
        a.Float(settings.ProjectionClip);
        a.Bool(settings.TimeMajor);
        a.Bool(settings.Reverse);
        a.Bool(settings.AsymmetricInputs);
        a.Int(hidden);
        a.Int(cell);
        a.Floats(scales);
        a.Int(hiddenZero);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(minInputs: 1, maxInputs: LstmInput.Count, outputs: 1);
        SequenceShape sequence = SequenceShape.Of(c, settings.TimeMajor, settings.Reverse);
        LstmSizes sizes = LstmRules.Check(c, sequence);
        bool integer = c.Input(0).DType == DType.Int8;
        DType type = c.Input(0).DType;
        SignalRules.Variable(c, hidden, type, (long)sequence.Batch * sizes.Outputs);
        SignalRules.Variable(
            c, cell, integer ? DType.Int16 : type, (long)sequence.Batch * sizes.Cells);
        if (!(settings.CellClip >= 0 && settings.ProjectionClip >= 0))
        {
            c.Fail($"clips {settings.CellClip} and {settings.ProjectionClip} must not be negative");
        }

        if (integer)
        {
            LstmRules.CheckInteger(c, scales, c.Variable(hidden), c.Variable(cell));
        }

        c.Scratch(LstmRules.ScratchBytes(sizes));
        Shape x = c.Input(0).Shape;
        c.SetOutput(0, type, MovementRules.Shape(c, [.. x.Dims[..^1], sizes.Outputs]));
        long gates = sizes.CoupledGates ? 3 : 4;
        long each = gates * sizes.Cells * (sizes.Inputs + sizes.Outputs);
        c.Macs(sequence.Batch * (long)sequence.Time * each);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        SequenceShape sequence = SequenceShape.Of(
            x.Shape, settings.TimeMajor, settings.Reverse);
        return x.DType == DType.Int8
            ? new LstmInt8Step(
                c, sequence, settings, c.Variable(hidden), c.Variable(cell), scales, hiddenZero)
            : new LstmFloatStep(c, sequence, settings, c.Variable(hidden), c.Variable(cell));
    }
}

/// <summary>Where each operand of an LSTM stands.</summary>
static class LstmInput
{
    public const int Weights = 1;
    public const int Recurrent = 5;
    public const int Peephole = 9;
    public const int Bias = 12;
    public const int ProjectionWeights = 16;
    public const int ProjectionBias = 17;
    public const int LayerNorm = 18;
    public const int Count = 22;
    public const int Input = 0;
    public const int Forget = 1;
    public const int Cell = 2;
    public const int Output = 3;

    /// <summary>The peephole operand of a gate, or −1: the candidate has none.</summary>
    public static int PeepholeOf(int gate) => gate switch
    {
        Input => Peephole,
        Forget => Peephole + 1,
        Output => Peephole + 2,
        _ => -1,
    };
}

/// <summary>The extents of an LSTM.</summary>
readonly record struct LstmSizes(int Inputs, int Cells, int Outputs, bool CoupledGates);
