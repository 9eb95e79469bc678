using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Kernels.Recurrent;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = fn(x) in fp32.</summary>
sealed unsafe class UnaryF32Step<TFn>(Workers workers, TensorView x, TensorView y, TFn fn)
    : ElementsStep(workers, y.Elements)
    where TFn : struct, IUnary
{
    readonly UnaryF32.Row<TFn> row = UnaryF32.Best<TFn>();
    readonly float* from = x.Pointer<float>();
    readonly float* to = y.Pointer<float>();

    protected override void Elements(int begin, int count)
        => row.Run(fn, new(from + begin, count), new(to + begin, count));
}

/// <summary>y = table[x] for 8-bit values.</summary>
sealed unsafe class Table8Step(Workers workers, byte* table, TensorView x, TensorView y)
    : ElementsStep(workers, y.Elements)
{
    readonly byte* from = x.Data;
    readonly byte* to = y.Data;

    /// <summary>A step whose table is filled from the entry's definition.</summary>
    public static Table8Step Create(PrepareContext c, ITableEntry entry)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        var range = new TableRange(
            x.Quant!.Scale,
            x.Quant.ZeroPoint,
            y.Quant!.Scale,
            y.Quant.ZeroPoint,
            x.DType == DType.Int8);
        byte* table = c.Pack<byte>(Table8.Entries);
        TableFill.Run(new Span<byte>(table, Table8.Entries), entry, range);
        return new Table8Step(c.Workers, table, x, y);
    }

    protected override void Elements(int begin, int count) => Table8.Run(
        new(table, Table8.Entries), new(from + begin, count), new(to + begin, count));
}

/// <summary>y = interpolated table of x for 16-bit values.</summary>
sealed unsafe class Table16Step(Workers workers, short* table, TensorView x, TensorView y)
    : ElementsStep(workers, y.Elements)
{
    readonly short* from = x.Pointer<short>();
    readonly short* to = y.Pointer<short>();

    public static Table16Step Create(PrepareContext c, ScalarFunction fn)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        short* table = c.Pack<short>(Table16.Entries);
        Table16.Fill(
            new Span<short>(table, Table16.Entries),
            fn,
            x.Quant!.Scale,
            x.Quant.ZeroPoint,
            y.Quant!.Scale,
            y.Quant.ZeroPoint);
        return new Table16Step(c.Workers, table, x, y);
    }

    protected override void Elements(int begin, int count) => Table16.Run(
        new(table, Table16.Entries), new(from + begin, count), new(to + begin, count));
}

/// <summary>Logistic or tanh of int16 values.</summary>
sealed unsafe class Sigmoid16Step<TKind>(
    Workers workers, ushort* table, TensorView x, TensorView y)
    : ElementsStep(workers, y.Elements)
    where TKind : struct, ISigmoid16
{
    readonly (int Multiplier, int Shift) scale = Sigmoid16.InputScale(x.Quant!.Scale);
    readonly short* from = x.Pointer<short>();
    readonly short* to = y.Pointer<short>();

    public static Sigmoid16Step<TKind> Create(PrepareContext c)
    {
        ushort* table = c.Pack<ushort>(Sigmoid16.Entries);
        Sigmoid16.Fill(new Span<ushort>(table, Sigmoid16.Entries));
        return new(c.Workers, table, c.Input(0), c.Output(0));
    }

    protected override void Elements(int begin, int count) => default(TKind).Run(
        new(table, Sigmoid16.Entries),
        scale.Multiplier,
        scale.Shift,
        new(from + begin, count),
        new(to + begin, count));
}

/// <summary>What logistic and tanh ask of int16 operands.</summary>
static class Sigmoid16Checks
{
    public static void RequireSymmetric(InferContext c, InferInput x)
    {
        if (x.DType == DType.Int16
            && (x.Quant!.ZeroPoint != 0 || c.OutputQuant(0)!.ZeroPoint != 0))
        {
            c.Fail("takes and gives Int16 with zero point 0");
        }
    }
}

/// <summary>Which of the two functions of the sigmoid table.</summary>
interface ISigmoid16
{
    void Run(
        ReadOnlySpan<ushort> table,
        int multiplier,
        int shift,
        ReadOnlySpan<short> x,
        Span<short> y);
}

readonly struct Logistic16 : ISigmoid16
{
    public void Run(
        ReadOnlySpan<ushort> table,
        int multiplier,
        int shift,
        ReadOnlySpan<short> x,
        Span<short> y)
        => Sigmoid16.Logistic(table, multiplier, shift, x, y);
}

readonly struct Tanh16 : ISigmoid16
{
    public void Run(
        ReadOnlySpan<ushort> table,
        int multiplier,
        int shift,
        ReadOnlySpan<short> x,
        Span<short> y)
        => Sigmoid16.Tanh(table, multiplier, shift, x, y);
}

/// <summary>
/// y = clamp(factor·x) of int16 values, with another factor for negative ones: the ReLU family in
/// fixed point.
/// </summary>
sealed unsafe class ScaledS16Step(
    Workers workers,
    TensorView x,
    TensorView y,
    FixedFactor positive,
    FixedFactor negative,
    int negativeSign,
    (int Lo, int Hi) range)
    : ElementsStep(workers, y.Elements)
{
    readonly short* from = x.Pointer<short>();
    readonly short* to = y.Pointer<short>();
    readonly int zeroX = x.Quant!.ZeroPoint;
    readonly int zeroY = y.Quant!.ZeroPoint;

    protected override void Elements(int begin, int count)
    {
        for (int i = begin; i < begin + count; i++)
        {
            int value = from[i] - zeroX;
            int steps = value >= 0
                ? positive.Times(value)
                : negativeSign * negative.Times(value);
            to[i] = (short)Math.Clamp(steps + zeroY, range.Lo, range.Hi);
        }
    }
}

/// <summary>y = √x of int16 values, cut off toward zero; 0 where x is negative.</summary>
sealed unsafe class Sqrt16Step(Workers workers, TensorView x, TensorView y)
    : ElementsStep(workers, y.Elements)
{
    readonly short* from = x.Pointer<short>();
    readonly short* to = y.Pointer<short>();
    readonly float scale = x.Quant!.Scale;
    readonly float scaleY = y.Quant!.Scale;
    readonly int zeroX = x.Quant!.ZeroPoint;
    readonly int zeroY = y.Quant!.ZeroPoint;

    protected override void Elements(int begin, int count)
    {
        for (int i = begin; i < begin + count; i++)
        {
            float root = MathF.Sqrt(MathF.Max((from[i] - zeroX) * scale, 0f));
            float steps = MathF.Min(MathF.Truncate(root / scaleY), ushort.MaxValue);
            to[i] = (short)Math.Clamp((int)steps + zeroY, short.MinValue, short.MaxValue);
        }
    }
}

/// <summary>
/// Logistic or tanh of int16 values whose scale is a power of two, with gemmlowp's arithmetic.
/// </summary>
sealed unsafe class FixedGateStep<TGate>(PrepareContext c, int leftShift)
    : ElementsStep(c.Workers, c.Output(0).Elements)
    where TGate : struct, IFixedGate
{
    readonly short* from = c.Input(0).Pointer<short>();
    readonly short* to = c.Output(0).Pointer<short>();

    protected override void Elements(int begin, int count)
    {
        for (int i = begin; i < begin + count; i++)
        {
            int value = Math.Clamp(from[i] << leftShift, short.MinValue, short.MaxValue);
            to[i] = default(TGate).Apply((short)value);
        }
    }
}

/// <summary>A function of numbers with 3 integer bits.</summary>
interface IFixedGate
{
    short Apply(short x);
}

/// <summary>The two functions.</summary>
static class FixedGate
{
    /// <summary>The scale of numbers with 3 integer bits.</summary>
    public const float UnitScale = 1f / 4096;

    public readonly struct Logistic : IFixedGate
    {
        public short Apply(short x) => FixedGates.Logistic(x);
    }

    public readonly struct Tanh : IFixedGate
    {
        public short Apply(short x) => FixedGates.Tanh(x, integerBits: 3);
    }
}
