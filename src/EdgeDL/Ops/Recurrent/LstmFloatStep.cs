using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>The fp32 LSTM; weights are fp32, or int8 against inputs quantized on the fly.</summary>
sealed unsafe class LstmFloatStep : Step
{
    const float NormEpsilon = 1e-8f;

    readonly SequenceShape sequence;
    readonly LstmSettings settings;
    readonly TensorView x;
    readonly TensorView y;
    readonly TensorView hidden;
    readonly TensorView cell;
    readonly int cells;
    readonly int outputs;
    readonly Gate? input;
    readonly Gate forget;
    readonly Gate candidate;
    readonly Gate output;
    readonly CellMatrix? projection;
    readonly float* projectionBias;
    readonly float* sums;
    readonly sbyte* quantizedInput;
    readonly sbyte* quantizedHidden;
    readonly sbyte* quantizedCell;

    public LstmFloatStep(
        PrepareContext c, SequenceShape sequence, LstmSettings settings, TensorView hidden,
        TensorView cell)
    {
        this.sequence = sequence;
        this.settings = settings;
        this.hidden = hidden;
        this.cell = cell;
        x = c.Input(0);
        y = c.Output(0);
        TensorView recurrent = c.Input(LstmInput.Recurrent + LstmInput.Output);
        cells = recurrent.Shape[0];
        outputs = recurrent.Shape[1];
        sums = (float*)c.ScratchPointer;
        int* accumulators = (int*)(sums + (5L * cells));
        if (recurrent.DType == DType.Int8)
        {
            quantizedInput = (sbyte*)(accumulators + Math.Max(cells, outputs));
            quantizedHidden = quantizedInput + sequence.Inputs;
            quantizedCell = quantizedHidden + outputs;
        }

        bool coupled = !c.HasInput(LstmInput.Weights + LstmInput.Input);
        input = coupled ? null : new Gate(c, LstmInput.Input, accumulators);
        forget = new Gate(c, LstmInput.Forget, accumulators);
        candidate = new Gate(c, LstmInput.Cell, accumulators);
        output = new Gate(c, LstmInput.Output, accumulators);
        if (c.HasInput(LstmInput.ProjectionWeights))
        {
            projection = new CellMatrix(c, LstmInput.ProjectionWeights, accumulators);
            projectionBias = c.HasInput(LstmInput.ProjectionBias)
                ? c.Input(LstmInput.ProjectionBias).Pointer<float>()
                : null;
        }
    }

    public override void Run()
    {
        for (int b = 0; b < sequence.Batch; b++)
        {
            float* h = hidden.Pointer<float>() + ((long)b * outputs);
            float* state = cell.Pointer<float>() + ((long)b * cells);
            for (int t = 0; t < sequence.Time; t++)
            {
                long row = sequence.Row(b, t);
                StepOnce(
                    x.Pointer<float>() + (row * sequence.Inputs), h, state,
                    y.Pointer<float>() + (row * outputs));
            }
        }
    }

    void StepOnce(float* from, float* h, float* state, float* to)
    {
        bool asymmetric = settings.AsymmetricInputs;
        var xs = new CellVector(from, sequence.Inputs, quantizedInput, asymmetric);
        var hs = new CellVector(h, outputs, quantizedHidden, asymmetric);
        float* f = sums;
        float* i = f + cells;
        float* g = i + cells;
        float* o = g + cells;
        float* peek = o + cells;
        forget.Sum(xs, hs, state, peek, f);
        CellActivations.Run(CellActivation.Logistic, new Span<float>(f, cells));
        if (input is not null)
        {
            input.Sum(xs, hs, state, peek, i);
            CellActivations.Run(CellActivation.Logistic, new Span<float>(i, cells));
        }

        candidate.Sum(xs, hs, state, peek, g);
        CellActivations.Run(settings.Activation, new Span<float>(g, cells));
        for (int k = 0; k < cells; k++)
        {
            float gate = input is null ? 1 - f[k] : i[k];
            state[k] = Clip((f[k] * state[k]) + (gate * g[k]), settings.CellClip);
        }

        output.Sum(xs, hs, state, peek, o);
        for (int k = 0; k < cells; k++)
        {
            o[k] = CellActivations.Apply(CellActivation.Logistic, o[k])
                * CellActivations.Apply(settings.Activation, state[k]);
        }

        Emit(o, to);
        new ReadOnlySpan<float>(to, outputs).CopyTo(new Span<float>(h, outputs));
    }

    void Emit(float* o, float* to)
    {
        if (projection is null)
        {
            new ReadOnlySpan<float>(o, cells).CopyTo(new Span<float>(to, outputs));
            return;
        }

        for (int k = 0; k < outputs; k++)
        {
            to[k] = projectionBias == null ? 0 : projectionBias[k];
        }

        projection.Add(
            new CellVector(o, cells, quantizedCell, settings.AsymmetricInputs), to);
        for (int k = 0; k < outputs; k++)
        {
            to[k] = Clip(to[k], settings.ProjectionClip);
        }
    }

    static float Clip(float x, float bound) => bound > 0 ? Math.Clamp(x, -bound, bound) : x;

    // One gate's weighted sum, normalized if it has layer-norm weights.
    sealed class Gate
    {
        readonly CellMatrix weights;
        readonly CellMatrix recurrent;
        readonly float* bias;
        readonly float* norm;
        readonly TensorView? peephole;
        readonly int cells;

        public Gate(PrepareContext c, int gate, int* accumulators)
        {
            weights = new CellMatrix(c, LstmInput.Weights + gate, accumulators);
            recurrent = new CellMatrix(c, LstmInput.Recurrent + gate, accumulators);
            TensorView b = c.Input(LstmInput.Bias + gate);
            bias = b.Pointer<float>();
            cells = b.Elements;
            int normInput = LstmInput.LayerNorm + gate;
            norm = c.HasInput(normInput) ? c.Input(normInput).Pointer<float>() : null;
            int peep = LstmInput.PeepholeOf(gate);
            peephole = peep >= 0 && c.HasInput(peep) ? c.Input(peep) : null;
        }

        public void Sum(in CellVector x, in CellVector h, float* state, float* peek, float* y)
        {
            for (int k = 0; k < cells; k++)
            {
                y[k] = norm == null ? bias[k] : 0;
            }

            weights.Add(x, y);
            recurrent.Add(h, y);
            if (peephole is { } p)
            {
                for (int k = 0; k < cells; k++)
                {
                    peek[k] = p.DType == DType.Int8
                        ? p.Pointer<sbyte>()[k] * p.Quant!.Scale
                        : p.Pointer<float>()[k];
                    y[k] += peek[k] * state[k];
                }
            }

            if (norm != null)
            {
                Normalize(y);
            }
        }

        void Normalize(float* y)
        {
            float mean = 0;
            for (int k = 0; k < cells; k++)
            {
                mean += y[k];
            }

            mean /= cells;
            float variance = 0;
            for (int k = 0; k < cells; k++)
            {
                variance += (y[k] - mean) * (y[k] - mean);
            }

            float inverse = 1f / MathF.Sqrt((variance / cells) + NormEpsilon);
            for (int k = 0; k < cells; k++)
            {
                y[k] = ((y[k] - mean) * inverse * norm[k]) + bias[k];
            }
        }
    }
}
