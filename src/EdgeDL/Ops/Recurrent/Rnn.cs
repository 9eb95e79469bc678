using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>h = f(W x + R h + b) at every step. Inputs: x, W, R, b; the state lives in a
/// variable; fp32, with fp32 or int8 weights.</summary>
/// <remarks>TensorFlow Lite's RNN and sequence RNN.</remarks>
public sealed class Rnn(
    CellActivation activation, bool timeMajor, bool reverse, bool asymmetricInputs, int hidden)
    : Op, IOp<Rnn>
{
    public static OpCode Code => OpCode.Rnn;

    public override OpCode OpCode => Code;

    /// <summary>What the sums go through.</summary>
    public CellActivation Activation => activation;

    /// <summary>True for [time, batch, n].</summary>
    public bool TimeMajor => timeMajor;

    /// <summary>True if the last step runs first.</summary>
    public bool Reverse => reverse;

    /// <summary>The variable that holds h.</summary>
    public int Hidden => hidden;

    public static Rnn Read(ref AttributeReader a) =>
        new(
            (CellActivation)a.Enum(CellActivations.Count), a.Bool(), a.Bool(), a.Bool(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Byte((byte)activation);
        a.Bool(timeMajor);
        a.Bool(reverse);
        a.Bool(asymmetricInputs);
        a.Int(hidden);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 4, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        SequenceShape sequence = SequenceShape.Of(c, timeMajor, reverse);
        Shape r = c.Input(2).Shape;
        if (r.Rank != 2 || r[0] != r[1] || r[0] == 0 || sequence.Inputs == 0)
        {
            c.Fail($"recurrent weights {r} are not a square matrix");
        }

        int units = r[0];
        CellRules.Matrix(c, 1, units, sequence.Inputs);
        CellRules.Matrix(c, 2, units, units);
        MovementRules.Type(c, 2, c.Input(1).DType);
        MovementRules.Type(c, 3, DType.Float32);
        MovementRules.Shape(c, 3, new Shape(units));
        SignalRules.Variable(c, hidden, DType.Float32, (long)sequence.Batch * units);
        c.Scratch((8L * units) + sequence.Inputs + units);
        c.SetOutput(0, DType.Float32, MovementRules.Shape(
            c, [.. c.Input(0).Shape.Dims[..^1], units]));
        c.Macs((long)sequence.Batch * sequence.Time * units * (sequence.Inputs + units));
    }

    public override Step? Prepare(PrepareContext c) => new RnnStep(
        c, SequenceShape.Of(c.Input(0).Shape, timeMajor, reverse), activation, asymmetricInputs,
        c.Variable(hidden));

    sealed unsafe class RnnStep : Step
    {
        readonly SequenceShape sequence;
        readonly CellActivation activation;
        readonly bool asymmetric;
        readonly TensorView x;
        readonly TensorView y;
        readonly TensorView hidden;
        readonly float* bias;
        readonly int units;
        readonly CellMatrix weights;
        readonly CellMatrix recurrent;
        readonly float* sums;
        readonly sbyte* quantizedInput;
        readonly sbyte* quantizedHidden;

        public RnnStep(
            PrepareContext c, SequenceShape sequence, CellActivation activation, bool asymmetric,
            TensorView hidden)
        {
            this.sequence = sequence;
            this.activation = activation;
            this.asymmetric = asymmetric;
            this.hidden = hidden;
            x = c.Input(0);
            y = c.Output(0);
            bias = c.Input(3).Pointer<float>();
            units = c.Input(3).Elements;
            sums = (float*)c.ScratchPointer;
            int* accumulators = (int*)(sums + units);
            if (c.Input(1).DType == DType.Int8)
            {
                quantizedInput = (sbyte*)(accumulators + units);
                quantizedHidden = quantizedInput + sequence.Inputs;
            }

            weights = new CellMatrix(c, 1, accumulators);
            recurrent = new CellMatrix(c, 2, accumulators);
        }

        public override void Run()
        {
            for (int b = 0; b < sequence.Batch; b++)
            {
                float* h = hidden.Pointer<float>() + ((long)b * units);
                for (int t = 0; t < sequence.Time; t++)
                {
                    long row = sequence.Row(b, t);
                    float* from = x.Pointer<float>() + (row * sequence.Inputs);
                    var all = new Span<float>(sums, units);
                    new ReadOnlySpan<float>(bias, units).CopyTo(all);
                    weights.Add(
                        new CellVector(from, sequence.Inputs, quantizedInput, asymmetric), sums);
                    recurrent.Add(new CellVector(h, units, quantizedHidden, asymmetric), sums);
                    CellActivations.Run(activation, all);
                    all.CopyTo(new Span<float>(h, units));
                    all.CopyTo(new Span<float>(y.Pointer<float>() + (row * units), units));
                }
            }
        }
    }
}
