using EdgeDL.Execution;
using EdgeDL.Kernels.Quant;
using EdgeDL.Kernels.Recurrent;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// A low-rank filter over time: every filter's newest feature is W x, its memory is weighted by
/// T, and rank filters sum to one unit: y = f(b + Σ T ⊙ memory). Inputs: x [batch, inputs],
/// W [filters, inputs], T [filters, memory], b [units] (may be left out).
/// </summary>
/// <remarks>
/// fp32; or int8 with T and memory both int16 or both int8. The memory lives in a variable.
/// (Compressing Deep Neural Networks using a Rank-Constrained Topology, Nakkiran et al. 2015;
/// TensorFlow Lite's SVDF.)
/// </remarks>
public sealed unsafe class Svdf(int rank, CellActivation activation, int memory) : Op, IOp<Svdf>
{
    public static OpCode Code => OpCode.Svdf;

    public override OpCode OpCode => Code;

    /// <summary>Filters that sum to one unit.</summary>
    public int FilterRank => rank;

    public CellActivation Activation => activation;

    /// <summary>The variable that holds the features of the last steps.</summary>
    public int Memory => memory;

    public static Svdf Read(ref AttributeReader a) =>
        new(a.Int(1, 1 << 16), (CellActivation)a.Enum(CellActivations.Count), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(rank);
        a.Byte((byte)activation);
        a.Int(memory);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(minInputs: 3, maxInputs: 4, outputs: 1);
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        Shape time = c.Input(2).Shape;
        if (x.Rank != 2 || w.Rank != 2 || time.Rank != 2 || w[1] != x[1] || time[0] != w[0]
            || time[1] == 0 || w[1] == 0 || rank < 1 || w[0] % rank != 0)
        {
            c.Fail($"input {x}, weights {w} and {time} and rank {rank} don't fit");
        }

        int units = w[0] / rank;
        bool integer = c.Input(0).DType == DType.Int8;
        DType type = integer ? DType.Int8 : DType.Float32;
        DType timeType = integer && c.Input(2).DType == DType.Int8 ? DType.Int8
            : integer ? DType.Int16 : DType.Float32;
        MovementRules.Type(c, 0, type);
        MovementRules.Type(c, 1, type);
        MovementRules.Type(c, 2, timeType);
        if (c.HasInput(3))
        {
            MovementRules.Type(c, 3, integer ? DType.Int32 : DType.Float32);
            MovementRules.Shape(c, 3, new Shape(units));
        }

        long held = (long)x[0] * w[0] * time[1];
        SignalRules.Variable(c, memory, timeType, held);
        if (integer)
        {
            CheckScales(c);
        }

        c.Scratch(w[0] * (long)sizeof(int));
        c.SetOutput(0, type, new Shape(x[0], units));
        c.Macs((long)x[0] * w[0] * (x[1] + time[1]));
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType == DType.Float32
        ? new FloatStep(c, rank, activation, c.Variable(memory))
        : new Int8Step(c, rank, c.Variable(memory));

    void CheckScales(InferContext c)
    {
        Quantization? state = c.Variable(memory).Quant;
        if (c.Input(0).Quant is not { IsPerTensor: true } x
            || c.Input(1).Quant is not { IsPerTensor: true, ZeroPoint: 0 } w
            || c.Input(2).Quant is not { IsPerTensor: true, ZeroPoint: 0 } time
            || state is not { IsPerTensor: true }
            || c.OutputQuant(0) is not { IsPerTensor: true } y
            || !c.Input(1).IsConstant)
        {
            c.Fail("the integer form needs one scale for each operand, and constant weights");
            return;
        }

        if ((double)x.Scale * w.Scale / state.Scale > 1 << 20
            || (double)state.Scale * time.Scale / y.Scale > 1 << 20)
        {
            c.Fail("scales are too far apart");
        }
    }

    // Every filter's memory moves one back; the newest place is free.
    static void Shift<T>(TensorView memory) where T : unmanaged
    {
        var all = new Span<T>(memory.Data, memory.Elements);
        if (all.Length > 0)
        {
            all[1..].CopyTo(all);
        }
    }

    sealed class FloatStep(
        PrepareContext c, int rank, CellActivation activation, TensorView memory) : Step
    {
        readonly RowDots.FloatRow dots = RowDots.BestFloat();
        readonly TensorView x = c.Input(0);
        readonly TensorView w = c.Input(1);
        readonly TensorView time = c.Input(2);
        readonly TensorView? bias = c.HasInput(3) ? c.Input(3) : null;
        readonly TensorView y = c.Output(0);
        readonly float* features = (float*)c.ScratchPointer;

        public override void Run()
        {
            Shift<float>(memory);
            int filters = w.Shape[0];
            int inputs = w.Shape[1];
            int depth = time.Shape[1];
            int units = filters / rank;
            for (int b = 0; b < x.Shape[0]; b++)
            {
                new Span<float>(features, filters).Clear();
                dots.Run(
                    w.Pointer<float>(), x.Pointer<float>() + ((long)b * inputs), filters, inputs,
                    features);
                float* held = memory.Pointer<float>() + ((long)b * filters * depth);
                float* to = y.Pointer<float>() + ((long)b * units);
                for (int u = 0; u < units; u++)
                {
                    to[u] = bias is { } v ? v.Pointer<float>()[u] : 0;
                }

                for (int f = 0; f < filters; f++)
                {
                    float* own = held + ((long)f * depth);
                    own[depth - 1] = features[f];
                    dots.Run(
                        time.Pointer<float>() + ((long)f * depth), own, 1, depth, to + (f / rank));
                }

                CellActivations.Run(activation, new Span<float>(to, units));
            }
        }
    }

    sealed class Int8Step : Step
    {
        readonly RowDots.Int8Row dots = RowDots.BestInt8();
        readonly int rank;
        readonly TensorView memory;
        readonly TensorView x;
        readonly TensorView w;
        readonly TensorView time;
        readonly TensorView? bias;
        readonly TensorView y;
        readonly int* features;
        readonly int* folded;
        readonly (int Multiplier, int Shift) featureScale;
        readonly (int Multiplier, int Shift) outputScale;

        public Int8Step(PrepareContext c, int rank, TensorView memory)
        {
            this.rank = rank;
            this.memory = memory;
            x = c.Input(0);
            w = c.Input(1);
            time = c.Input(2);
            bias = c.HasInput(3) ? c.Input(3) : null;
            y = c.Output(0);
            features = (int*)c.ScratchPointer;
            float state = memory.Quant!.Scale;
            featureScale = FixedPoint.QuantizeMultiplier(
                (double)x.Quant!.Scale * w.Quant!.Scale / state);
            outputScale = FixedPoint.QuantizeMultiplier(
                (double)state * time.Quant!.Scale / y.Quant!.Scale);
            folded = c.Pack<int>(w.Shape[0]);
            for (int f = 0; f < w.Shape[0]; f++)
            {
                for (int i = 0; i < w.Shape[1]; i++)
                {
                    folded[f] -= x.Quant!.ZeroPoint
                        * w.Pointer<sbyte>()[((long)f * w.Shape[1]) + i];
                }
            }
        }

        public override void Run()
        {
            bool wide = time.DType == DType.Int16;
            if (wide)
            {
                Shift<short>(memory);
            }
            else
            {
                Shift<sbyte>(memory);
            }

            int filters = w.Shape[0];
            int inputs = w.Shape[1];
            for (int b = 0; b < x.Shape[0]; b++)
            {
                new ReadOnlySpan<int>(folded, filters).CopyTo(new Span<int>(features, filters));
                dots.Run(
                    w.Pointer<sbyte>(), x.Pointer<sbyte>() + ((long)b * inputs), filters, inputs,
                    features);
                Units(b, wide);
            }
        }

        void Units(int b, bool wide)
        {
            int filters = w.Shape[0];
            int depth = time.Shape[1];
            int units = filters / rank;
            for (int u = 0; u < units; u++)
            {
                int sum = bias is { } v ? v.Pointer<int>()[u] : 0;
                for (int f = u * rank; f < (u + 1) * rank; f++)
                {
                    int feature = FixedPoint.MultiplyByQuantizedMultiplier(
                        features[f], featureScale.Multiplier, featureScale.Shift);
                    long at = ((long)b * filters + f) * depth;
                    sum += wide ? Wide(feature, f, at, depth) : Narrow(feature, f, at, depth);
                }

                int scaled = FixedPoint.MultiplyByQuantizedMultiplier(
                    sum, outputScale.Multiplier, outputScale.Shift);
                y.Pointer<sbyte>()[((long)b * units) + u] = (sbyte)Math.Clamp(
                    scaled + y.Quant!.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
            }
        }

        int Wide(int feature, int f, long at, int depth)
        {
            short* own = memory.Pointer<short>() + at;
            short* weights = time.Pointer<short>() + ((long)f * depth);
            own[depth - 1] = (short)Math.Clamp(feature, short.MinValue, short.MaxValue);
            int sum = 0;
            for (int m = 0; m < depth; m++)
            {
                sum += own[m] * weights[m];
            }

            return sum;
        }

        int Narrow(int feature, int f, long at, int depth)
        {
            sbyte* own = memory.Pointer<sbyte>() + at;
            sbyte* weights = time.Pointer<sbyte>() + ((long)f * depth);
            own[depth - 1] = (sbyte)Math.Clamp(feature, sbyte.MinValue, sbyte.MaxValue);
            int sum = 0;
            for (int m = 0; m < depth; m++)
            {
                sum += own[m] * weights[m];
            }

            return sum;
        }
    }
}
