using EdgeDL.Execution;
using EdgeDL.Kernels.Quant;
using EdgeDL.Kernels.Recurrent;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>The integer LSTM: int8 inputs, weights and outputs, int16 gates and cell.</summary>
sealed unsafe class LstmInt8Step : Step
{
    // Gates' sums are Q3.12 before their activation, Q0.15 after.
    // Effective scales are rounded to fp32 where TensorFlow Lite rounds them.
    const float GateScale = 1f / 4096;
    const float UnitScale = 1f / 32768;

    readonly SequenceShape sequence;
    readonly TensorView x;
    readonly TensorView y;
    readonly TensorView hidden;
    readonly TensorView cell;
    readonly int cells;
    readonly int outputs;
    readonly int cellPower;
    readonly int cellClip;
    readonly int projectionClip;
    readonly (int Multiplier, int Shift) hiddenScale;
    readonly int hiddenZero;
    readonly Gate? input;
    readonly Gate forget;
    readonly Gate candidate;
    readonly Gate output;
    readonly Product? projection;
    readonly short* sums;
    readonly int* accumulators;
    readonly sbyte* squashed;

    public LstmInt8Step(
        PrepareContext c, SequenceShape sequence, LstmSettings settings, TensorView hidden,
        TensorView cell, ReadOnlySpan<float> scales, int hiddenZero)
    {
        this.sequence = sequence;
        this.hidden = hidden;
        this.cell = cell;
        this.hiddenZero = hiddenZero;
        x = c.Input(0);
        y = c.Output(0);
        TensorView recurrent = c.Input(LstmInput.Recurrent + LstmInput.Output);
        cells = recurrent.Shape[0];
        outputs = recurrent.Shape[1];
        float cellScale = cell.Quant!.Scale;
        float stateScale = hidden.Quant!.Scale;
        cellPower = Math.ILogB(cellScale);
        cellClip = (int)Math.Min(settings.CellClip / cellScale, short.MaxValue);
        projectionClip = (int)Math.Min(settings.ProjectionClip / stateScale, sbyte.MaxValue);
        hiddenScale = FixedPoint.QuantizeMultiplier(UnitScale / scales[4] * UnitScale);
        sums = (short*)c.ScratchPointer;
        accumulators = (int*)(c.ScratchPointer + (5L * cells * sizeof(float)));
        squashed = (sbyte*)(accumulators + Math.Max(cells, outputs));
        bool coupled = !c.HasInput(LstmInput.Weights + LstmInput.Input);
        input = coupled ? null : new Gate(c, LstmInput.Input, x, hidden, cellScale, scales);
        forget = new Gate(c, LstmInput.Forget, x, hidden, cellScale, scales);
        candidate = new Gate(c, LstmInput.Cell, x, hidden, cellScale, scales);
        output = new Gate(c, LstmInput.Output, x, hidden, cellScale, scales);
        if (c.HasInput(LstmInput.ProjectionWeights))
        {
            projection = new Product(
                c, LstmInput.ProjectionWeights,
                c.HasInput(LstmInput.ProjectionBias) ? LstmInput.ProjectionBias : -1,
                hiddenZero, scales[4], stateScale);
        }
    }

    public override void Run()
    {
        for (int b = 0; b < sequence.Batch; b++)
        {
            sbyte* h = hidden.Pointer<sbyte>() + ((long)b * outputs);
            var state = new Span<short>(cell.Pointer<short>() + ((long)b * cells), cells);
            for (int t = 0; t < sequence.Time; t++)
            {
                long row = sequence.Row(b, t);
                StepOnce(
                    x.Pointer<sbyte>() + (row * sequence.Inputs), h, state,
                    y.Pointer<sbyte>() + (row * outputs));
            }
        }
    }

    void StepOnce(sbyte* from, sbyte* h, Span<short> state, sbyte* to)
    {
        var f = new Span<short>(sums, cells);
        var i = new Span<short>(sums + cells, cells);
        var g = new Span<short>(sums + (2L * cells), cells);
        var o = new Span<short>(sums + (3L * cells), cells);
        forget.Sum(from, h, state, accumulators, f);
        FixedGates.Logistic(f, f);
        candidate.Sum(from, h, state, accumulators, g);
        FixedGates.Tanh(g, 3, g);
        if (input is null)
        {
            FixedCell.OneMinus(f, i);
        }
        else
        {
            input.Sum(from, h, state, accumulators, i);
            FixedGates.Logistic(i, i);
        }

        FixedCell.Update(f, i, g, 30 + cellPower, cellClip, state);
        output.Sum(from, h, state, accumulators, o);
        FixedGates.Logistic(o, o);
        FixedGates.Tanh(state, 15 + cellPower, i);
        FixedCell.Hidden(
            o, i, hiddenScale.Multiplier, hiddenScale.Shift, hiddenZero,
            new Span<sbyte>(squashed, cells));
        var result = new Span<sbyte>(to, outputs);
        if (projection is null)
        {
            new ReadOnlySpan<sbyte>(squashed, cells).CopyTo(result);
        }
        else
        {
            projection.Project(squashed, accumulators, hidden.Quant!.ZeroPoint, result);
            Clip(result);
        }

        result.CopyTo(new Span<sbyte>(h, outputs));
    }

    void Clip(Span<sbyte> values)
    {
        if (projectionClip == 0)
        {
            return;
        }

        foreach (ref sbyte v in values)
        {
            v = (sbyte)Math.Clamp(v, -projectionClip, projectionClip);
        }
    }

    // M (x − zero) + bias, as int32, and its way to the output's scale.
    sealed class Product
    {
        readonly TensorView m;
        readonly int* folded;
        readonly RowDots.Int8Row row = RowDots.BestInt8();

        public Product(
            PrepareContext c, int weights, int bias, int zero, float scaleIn, float scaleOut)
        {
            m = c.Input(weights);
            Scale = FixedPoint.QuantizeMultiplier(m.Quant!.Scale * scaleIn / scaleOut);
            int rows = m.Shape[0];
            int columns = m.Shape[1];
            folded = c.Pack<int>(rows);
            for (int r = 0; r < rows; r++)
            {
                int sum = 0;
                for (int k = 0; k < columns; k++)
                {
                    sum += m.Pointer<sbyte>()[((long)r * columns) + k];
                }

                folded[r] = (bias < 0 ? 0 : c.Input(bias).Pointer<int>()[r]) - (zero * sum);
            }
        }

        (int Multiplier, int Shift) Scale { get; }

        public void Add(sbyte* x, int* accumulators, Span<short> y)
        {
            ReadOnlySpan<int> sums = Sum(x, accumulators);
            FixedCell.Accumulate(sums, Scale.Multiplier, Scale.Shift, y);
        }

        public void Project(sbyte* x, int* accumulators, int zero, Span<sbyte> y)
        {
            ReadOnlySpan<int> sums = Sum(x, accumulators);
            FixedCell.Project(sums, Scale.Multiplier, Scale.Shift, zero, y);
        }

        ReadOnlySpan<int> Sum(sbyte* x, int* accumulators)
        {
            int rows = m.Shape[0];
            var sums = new Span<int>(accumulators, rows);
            new ReadOnlySpan<int>(folded, rows).CopyTo(sums);
            row.Run(m.Pointer<sbyte>(), x, rows, m.Shape[1], accumulators);
            return sums;
        }
    }

    // With layer norm the bias is added after it, and the sums have a scale of their own.
    sealed class Gate
    {
        readonly Product weights;
        readonly Product recurrent;
        readonly TensorView? peephole;
        readonly (int Multiplier, int Shift) peepholeScale;
        readonly TensorView? norm;
        readonly (int Multiplier, int Shift) normScale;
        readonly int varianceLimit;
        readonly TensorView bias;

        public Gate(
            PrepareContext c, int gate, in TensorView x, in TensorView hidden, float cellScale,
            ReadOnlySpan<float> scales)
        {
            int normInput = LstmInput.LayerNorm + gate;
            int biasInput = LstmInput.Bias + gate;
            float scale = GateScale;
            bias = c.Input(biasInput);
            if (c.HasInput(normInput))
            {
                TensorView n = c.Input(normInput);
                norm = n;
                scale = scales[gate];
                normScale = FixedPoint.QuantizeMultiplier(n.Quant!.Scale);
                varianceLimit = Math.Max(1, (int)(10000 * n.Quant!.Scale));
                biasInput = -1;
            }

            Quantization xq = x.Quant!;
            Quantization hq = hidden.Quant!;
            weights = new Product(
                c, LstmInput.Weights + gate, biasInput, xq.ZeroPoint, xq.Scale, scale);
            recurrent = new Product(
                c, LstmInput.Recurrent + gate, -1, hq.ZeroPoint, hq.Scale, scale);
            int peep = LstmInput.PeepholeOf(gate);
            if (peep >= 0 && c.HasInput(peep))
            {
                TensorView p = c.Input(peep);
                peephole = p;
                peepholeScale = FixedPoint.QuantizeMultiplier(
                    cellScale * p.Quant!.Scale / scale);
            }
        }

        public void Sum(
            sbyte* x, sbyte* h, ReadOnlySpan<short> state, int* accumulators, Span<short> y)
        {
            y.Clear();
            weights.Add(x, accumulators, y);
            recurrent.Add(h, accumulators, y);
            if (peephole is { } p)
            {
                FixedCell.AccumulateProduct(
                    p.AsSpan<short>(), state, peepholeScale.Multiplier, peepholeScale.Shift, y);
            }

            if (norm is { } n)
            {
                FixedLayerNorm.Run(
                    y, n.AsSpan<short>(), bias.AsSpan<int>(), normScale.Multiplier,
                    normScale.Shift, varianceLimit);
            }
        }
    }
}
