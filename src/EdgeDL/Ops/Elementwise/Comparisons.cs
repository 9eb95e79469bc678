using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = fn(a, b) as a truth value, with broadcasting. Quantized integers of different scales are
/// compared as the reals they stand for, in TensorFlow Lite's fixed point.
/// </summary>
public abstract class Comparison : Op
{
    public sealed override void Write(ref AttributeWriter a)
    {
    }

    public sealed override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput a = c.Input(0);
        InferInput b = c.Input(1);
        BinaryChecks.SameType(c, a, b);
        if (a.DType is not (DType.Float32 or DType.Bool) && !a.DType.IsInteger()
            || a.DType == DType.Int4)
        {
            c.Fail($"takes Float32, Bool or integers, gets {a.DType}");
        }

        if (IsQuantized(a.DType, a.Quant))
        {
            Quantization qa = Quantizations.Require(c, a.Quant, a.DType, "input 0");
            Quantization qb = Quantizations.Require(c, b.Quant, a.DType, "input 1");
            if (MathF.Max(qa.Scale, qb.Scale) >= 1 << 20)
            {
                c.Fail($"scales {qa.Scale} and {qb.Scale} are too large to compare");
            }
        }

        BinaryChecks.SetOutput(c, a, b, DType.Bool);
    }

    public sealed override Step? Prepare(PrepareContext c)
    {
        TensorView a = c.Input(0);
        TensorView b = c.Input(1);
        TensorView y = c.Output(0);
        if (a.DType == DType.Float32)
        {
            return Floats(c);
        }

        WideFunction fn = IsQuantized(a.DType, a.Quant)
            ? Fixed(
                new FixedInput(a.Quant!.Scale, a.Quant.ZeroPoint),
                new FixedInput(b.Quant!.Scale, b.Quant.ZeroPoint))
            : a.DType == DType.UInt64 ? Unsigned() : Integers();
        return new WideBinaryStep(c.Workers, a, b, y, fn);
    }

    static bool IsQuantized(DType type, Quantization? quant)
        => quant is not null && type is (DType.Int8 or DType.UInt8 or DType.Int16);

    private protected abstract Step Floats(PrepareContext c);

    private protected abstract WideFunction Integers();

    private protected abstract WideFunction Unsigned();

    private protected abstract WideFunction Fixed(FixedInput a, FixedInput b);
}

/// <summary>A comparison by its three forms: fp32, integers, unsigned 64 bits.</summary>
public abstract class Comparison<TFloat, TInteger, TUnsigned> : Comparison
    where TFloat : struct, ICompare<float>
    where TInteger : struct, ICompare<long>
    where TUnsigned : struct, ICompare<ulong>
{
    private protected sealed override Step Floats(PrepareContext c)
        => new CompareF32Step<TFloat>(c.Workers, c.Input(0), c.Input(1), c.Output(0));

    private protected sealed override WideFunction Integers()
        => new WideCompare<TInteger>(default);

    private protected sealed override WideFunction Unsigned()
        => new WideUnsignedCompare<TUnsigned>(default);

    private protected sealed override WideFunction Fixed(FixedInput a, FixedInput b)
        => new WideCompare<FixedFn.Comparison<TInteger>>(new(a, b));
}

/// <summary>y = 1 where a = b</summary>
public sealed class Equal
    : Comparison<CompareFn.Equal<float>, CompareFn.Equal<long>, CompareFn.Equal<ulong>>,
        IOp<Equal>
{
    public static OpCode Code => OpCode.Equal;

    public override OpCode OpCode => Code;

    public static Equal Read(ref AttributeReader a) => new();
}

/// <summary>y = 1 where a ≠ b</summary>
public sealed class NotEqual
    : Comparison<CompareFn.NotEqual<float>, CompareFn.NotEqual<long>, CompareFn.NotEqual<ulong>>,
        IOp<NotEqual>
{
    public static OpCode Code => OpCode.NotEqual;

    public override OpCode OpCode => Code;

    public static NotEqual Read(ref AttributeReader a) => new();
}

/// <summary>y = 1 where a &lt; b</summary>
public sealed class Less
    : Comparison<CompareFn.Less<float>, CompareFn.Less<long>, CompareFn.Less<ulong>>,
        IOp<Less>
{
    public static OpCode Code => OpCode.Less;

    public override OpCode OpCode => Code;

    public static Less Read(ref AttributeReader a) => new();
}

/// <summary>y = 1 where a ≤ b</summary>
public sealed class LessEqual
    : Comparison<CompareFn.LessEqual<float>, CompareFn.LessEqual<long>, CompareFn.LessEqual<ulong>>,
        IOp<LessEqual>
{
    public static OpCode Code => OpCode.LessEqual;

    public override OpCode OpCode => Code;

    public static LessEqual Read(ref AttributeReader a) => new();
}

/// <summary>y = 1 where a &gt; b</summary>
public sealed class Greater
    : Comparison<CompareFn.Greater<float>, CompareFn.Greater<long>, CompareFn.Greater<ulong>>,
        IOp<Greater>
{
    public static OpCode Code => OpCode.Greater;

    public override OpCode OpCode => Code;

    public static Greater Read(ref AttributeReader a) => new();
}

/// <summary>y = 1 where a ≥ b</summary>
public sealed class GreaterEqual
    : Comparison<
        CompareFn.GreaterEqual<float>,
        CompareFn.GreaterEqual<long>,
        CompareFn.GreaterEqual<ulong>>,
        IOp<GreaterEqual>
{
    public static OpCode Code => OpCode.GreaterEqual;

    public override OpCode OpCode => Code;

    public static GreaterEqual Read(ref AttributeReader a) => new();
}
