using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What must hold of an LSTM's operands.</summary>
static class LstmRules
{
    /// <summary>Checks types and shapes of all operands.</summary>
    public static LstmSizes Check(InferContext c, in SequenceShape sequence)
    {
        Shape w = c.Input(LstmInput.Weights + LstmInput.Output).Shape;
        Shape r = c.Input(LstmInput.Recurrent + LstmInput.Output).Shape;
        if (w.Rank != 2 || r.Rank != 2 || w[1] != sequence.Inputs || r[0] != w[0]
            || w[0] == 0 || w[1] == 0 || r[1] == 0)
        {
            c.Fail($"weights {w} and {r} don't fit {sequence.Inputs} inputs");
        }

        bool coupled = !c.HasInput(LstmInput.Weights + LstmInput.Input);
        var sizes = new LstmSizes(sequence.Inputs, w[0], r[1], coupled);
        DType type = c.Input(0).DType;
        DType weights = c.Input(LstmInput.Weights + LstmInput.Output).DType;
        bool known = type == DType.Int8 ? weights == DType.Int8
            : type == DType.Float32 && weights is DType.Float32 or DType.Int8;
        if (!known || (type != DType.Float32 && type != DType.Int8))
        {
            c.Fail($"inputs of {type} with weights of {weights} are not a form of LSTM");
        }

        bool norm = c.HasInput(LstmInput.LayerNorm + LstmInput.Forget);
        for (int gate = 0; gate < 4; gate++)
        {
            bool present = gate != LstmInput.Input || !coupled;
            Gate(c, sizes, gate, weights, present, norm);
        }

        Projection(c, sizes, weights);
        return sizes;
    }

    /// <summary>Checks what the integer form needs besides.</summary>
    public static void CheckInteger(
        InferContext c, ReadOnlySpan<float> scales, Variable hidden, Variable cell)
    {
        bool fine = scales.Length == Lstm.ScaleCount;
        foreach (float scale in scales)
        {
            fine &= scale > 0 && float.IsFinite(scale);
        }

        if (!fine)
        {
            c.Fail("the integer LSTM needs five positive inner scales");
        }

        if (c.Input(0).Quant is not { IsPerTensor: true }
            || hidden.Quant is not { IsPerTensor: true }
            || cell.Quant is not { IsPerTensor: true, ZeroPoint: 0 })
        {
            c.Fail("input, hidden state and cell need one scale each, the cell zero point 0");
        }

        int power = Math.ILogB(cell.Quant.Scale);
        if (Math.ScaleB(1.0, power) != cell.Quant.Scale || power is < -15 or > -9)
        {
            c.Fail($"the cell's scale {cell.Quant.Scale} is not a power of two from 2^-15 to 2^-9");
        }

        // What products start from: the last inner scale is the projection's operand, and the
        // cell's bounds the fixed-point units, which are smaller.
        double largest = Math.Max(
            Math.Max(cell.Quant.Scale, scales[^1]),
            c.Input(0).Quant!.Scale + (double)hidden.Quant!.Scale);
        for (int i = LstmInput.Weights; i < LstmInput.Count; i++)
        {
            largest = Math.Max(largest, c.HasInput(i) ? c.Input(i).Quant?.Scale ?? 0 : 0);
        }

        double smallest = hidden.Quant.Scale;
        foreach (float scale in scales)
        {
            smallest = Math.Min(smallest, scale);
        }

        if (largest * largest / Math.Min(smallest, 1.0 / 4096) > 1 << 20)
        {
            c.Fail($"scales from {smallest} to {largest} are too far apart");
        }
    }

    /// <summary>Bytes that one step of one batch needs.</summary>
    public static long ScratchBytes(in LstmSizes s)
    {
        long sums = 5L * s.Cells * sizeof(float);
        long accumulators = Math.Max(s.Cells, s.Outputs) * (long)sizeof(int);
        return sums + accumulators + s.Inputs + s.Cells + s.Outputs + (8L * 64);
    }

    static void Gate(
        InferContext c, in LstmSizes s, int gate, DType weights, bool present, bool norm)
    {
        DType type = c.Input(0).DType;
        bool integer = type == DType.Int8;
        Need(c, LstmInput.Weights + gate, present, weights, new Shape(s.Cells, s.Inputs));
        Need(c, LstmInput.Recurrent + gate, present, weights, new Shape(s.Cells, s.Outputs));
        Need(c, LstmInput.Bias + gate, present, integer ? DType.Int32 : type, new Shape(s.Cells));
        Need(
            c, LstmInput.LayerNorm + gate, present && norm, integer ? DType.Int16 : type,
            new Shape(s.Cells));
        int peephole = LstmInput.PeepholeOf(gate);
        if (peephole < 0)
        {
            return;
        }

        bool all = c.HasInput(LstmInput.PeepholeOf(LstmInput.Output));
        DType peepholeType = integer ? DType.Int16 : weights;
        Need(c, peephole, present && all, peepholeType, new Shape(s.Cells));
    }

    static void Projection(InferContext c, in LstmSizes s, DType weights)
    {
        bool present = c.HasInput(LstmInput.ProjectionWeights);
        DType bias = c.Input(0).DType == DType.Int8 ? DType.Int32 : DType.Float32;
        Need(
            c, LstmInput.ProjectionWeights, present, weights, new Shape(s.Outputs, s.Cells));
        if (c.HasInput(LstmInput.ProjectionBias))
        {
            Need(c, LstmInput.ProjectionBias, present, bias, new Shape(s.Outputs));
        }

        if (!present && s.Outputs != s.Cells)
        {
            c.Fail($"{s.Cells} cells give {s.Outputs} outputs only through a projection");
        }
    }

    // Present as said, constant, of this type and shape, with one scale if it is quantized.
    static void Need(InferContext c, int i, bool present, DType type, in Shape shape)
    {
        if (c.HasInput(i) != present)
        {
            c.Fail(present ? $"input {i} is missing" : $"input {i} does not belong to this form");
        }

        if (!present)
        {
            return;
        }

        MovementRules.Type(c, i, type);
        MovementRules.Shape(c, i, shape);
        bool needsScale = type is DType.Int8 or DType.Int16;
        if (!c.Input(i).IsConstant || (needsScale && c.Input(i).Quant is not { IsPerTensor: true }))
        {
            c.Fail($"input {i} must be constant, and have one scale if it is quantized");
        }
    }
}
