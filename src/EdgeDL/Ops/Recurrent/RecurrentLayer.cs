using EdgeDL.Execution;
using EdgeDL.Kernels.Recurrent;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// One direction of a recurrent layer without state between runs. Inputs: x [time, batch, inputs];
/// W [gates·units, inputs]; R [gates·units, units]; the biases of W x and of R h [gates·units];
/// lengths [batch] (int32); the first h [batch, units]; all behind R may be left out. Outputs: y
/// [time, batch, units], zero past each length, and the last h [batch, units]. fp32.
/// </summary>
/// <remarks>ONNX operators RNN, GRU and LSTM, one direction each.</remarks>
public abstract class RecurrentLayer(bool reverse, float clip, GateFunction[] functions) : Op
{
    const int Weights = 1;
    const int Recurrent = 2;
    const int Bias = 3;
    const int RecurrentBias = 4;
    const int Lengths = 5;
    const int FirstHidden = 6;

    /// <summary>True if each sequence runs from its last step to its first.</summary>
    public bool Reverse => reverse;

    /// <summary>A gate's sum stays within ±this; 0 for no bound.</summary>
    public float Clip => clip;

    /// <summary>The activations, in the order of the op's formula.</summary>
    public ReadOnlySpan<GateFunction> Functions => functions;

    private protected abstract int Gates { get; }

    private protected abstract int FunctionCount { get; }

    private protected abstract int MaxInputs { get; }

    private protected abstract int OutputCount { get; }

    private protected abstract int ScratchRows { get; }

    private protected static (bool Reverse, float Clip, GateFunction[] Functions) ReadLayer(
        ref AttributeReader a, int count)
    {
        bool reverse = a.Bool();
        float clip = a.Float();
        var functions = new GateFunction[count];
        for (int i = 0; i < count; i++)
        {
            functions[i] = GateFunction.Read(ref a);
        }

        return (reverse, clip, functions);
    }

    public override void Write(ref AttributeWriter a)
    {
        a.Bool(reverse);
        a.Float(clip);
        foreach (GateFunction f in functions)
        {
            f.Write(ref a);
        }
    }

    public sealed override void Infer(InferContext c)
    {
        c.Arity(minInputs: 3, MaxInputs, OutputCount);
        if (functions.Length != FunctionCount || !(clip >= 0))
        {
            c.Fail($"has {functions.Length} activations and clips at {clip}, needs "
                + $"{FunctionCount} and 0 or more");
        }

        Shape x = c.Input(0).Shape;
        Shape r = c.Input(Recurrent).Shape;
        if (x.Rank != 3 || r.Rank != 2 || r[1] == 0 || r[0] != (long)Gates * r[1])
        {
            c.Fail($"takes [time, batch, inputs] and {Gates} square matrices, gets {x} and {r}");
        }

        int units = r[1];
        Shape state = MovementRules.Shape(c, [x[1], units]);
        var sums = new Shape(r[0]);
        Operand(c, 0, x);
        Operand(c, Weights, MovementRules.Shape(c, [r[0], x[2]]));
        Operand(c, Recurrent, r);
        Operand(c, Bias, sums);
        Operand(c, RecurrentBias, sums);
        Operand(c, FirstHidden, state);
        if (c.HasInput(Lengths))
        {
            MovementRules.Type(c, Lengths, DType.Int32);
            MovementRules.Shape(c, Lengths, new Shape(x[1]));
        }

        InferMore(c, state, units);
        c.Scratch((long)ScratchRows * units * sizeof(float));
        c.SetOutput(0, DType.Float32, MovementRules.Shape(c, [x[0], x[1], units]));
        for (int i = 1; i < OutputCount; i++)
        {
            c.SetOutput(i, DType.Float32, state);
        }

        c.Macs((long)x[0] * x[1] * r[0] * ((long)x[2] + units));
    }

    /// <summary>Checks what only this op takes.</summary>
    private protected virtual void InferMore(InferContext c, in Shape state, int units)
    {
    }

    private protected static void Operand(InferContext c, int i, in Shape shape)
    {
        if (c.HasInput(i))
        {
            MovementRules.Type(c, i, DType.Float32);
            MovementRules.Shape(c, i, shape);
        }
    }

    /// <summary>Walks the sequences; what a step computes is left to the cell.</summary>
    private protected abstract unsafe class LayerStep(PrepareContext c, RecurrentLayer layer) : Step
    {
        readonly string name = c.Name;
        readonly TensorView x = c.Input(0);
        readonly TensorView y = c.Output(0);
        readonly TensorView hidden = c.Output(1);
        readonly bool reverse = layer.Reverse;
        readonly int* lengths = c.HasInput(Lengths) ? c.Input(Lengths).Pointer<int>() : null;
        readonly float* first = Optional(c, FirstHidden);
        readonly float* bias = Optional(c, Bias);
        readonly float* recurrentBias = Optional(c, RecurrentBias);
        readonly float clip = layer.Clip > 0 ? layer.Clip : float.PositiveInfinity;

        protected RowDots.FloatRow Dots { get; } = RowDots.BestFloat();

        protected float* W { get; } = c.Input(Weights).Pointer<float>();

        protected float* R { get; } = c.Input(Recurrent).Pointer<float>();

        protected float* Scratch { get; } = (float*)c.ScratchPointer;

        protected int Inputs { get; } = c.Input(0).Shape[2];

        protected int Units { get; } = c.Input(Recurrent).Shape[1];

        protected static float* Optional(PrepareContext c, int i) =>
            c.HasInput(i) ? c.Input(i).Pointer<float>() : null;

        public override void Run()
        {
            int time = x.Shape[0];
            int batch = x.Shape[1];
            Begin(hidden, first);
            for (int b = 0; b < batch; b++)
            {
                int length = lengths is null ? time : lengths[b];
                if (length < 0 || length > time)
                {
                    DataRangeException.Throw(name, $"lengths lie in [0, {time}]", length);
                }

                float* h = hidden.Pointer<float>() + ((long)b * Units);
                for (int t = 0; t < time; t++)
                {
                    int at = reverse && t < length ? length - 1 - t : t;
                    long row = ((long)at * batch) + b;
                    var to = new Span<float>(y.Pointer<float>() + (row * Units), Units);
                    if (t < length)
                    {
                        Advance(x.Pointer<float>() + (row * Inputs), h, b);
                        new ReadOnlySpan<float>(h, Units).CopyTo(to);
                    }
                    else
                    {
                        to.Clear();
                    }
                }
            }
        }

        /// <summary>h, and what else the cell keeps, one step further.</summary>
        protected abstract void Advance(float* x, float* h, int batch);

        /// <summary>A state begins as given, or as zero.</summary>
        protected static void Begin(in TensorView state, float* from)
        {
            Span<float> to = state.AsSpan<float>();
            if (from is null)
            {
                to.Clear();
            }
            else
            {
                new ReadOnlySpan<float>(from, to.Length).CopyTo(to);
            }
        }

        /// <summary>to = a bias, or zero.</summary>
        protected static void Start(float* from, int begin, int count, float* to)
        {
            for (int k = 0; k < count; k++)
            {
                to[k] = from is null ? 0 : from[begin + k];
            }
        }

        /// <summary>sums = W x + R h and both biases, for all gates.</summary>
        protected void Sum(float* x, float* h, int rows, float* sums)
        {
            Start(bias, 0, rows, sums);
            AddBias(0, rows, sums);
            Dots.Run(W, x, rows, Inputs, sums);
            Dots.Run(R, h, rows, Units, sums);
        }

        /// <summary>The bias of W x alone.</summary>
        protected void StartInput(int begin, int count, float* to) =>
            Start(bias, begin, count, to);

        /// <summary>to += the bias of R h.</summary>
        protected void AddBias(int begin, int count, float* to)
        {
            for (int k = 0; k < count && recurrentBias is not null; k++)
            {
                to[k] += recurrentBias[begin + k];
            }
        }

        /// <summary>f(x), x kept within the clip.</summary>
        protected float Activate(GateFunction f, float x) =>
            f.Apply(MathF.Min(MathF.Max(x, -clip), clip));
    }
}
