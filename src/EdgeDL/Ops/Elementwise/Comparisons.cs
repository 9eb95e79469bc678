using System.Numerics;
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
        bool quantized = IsQuantized(a.DType, a.Quant);
        return a.DType switch
        {
            DType.Int8 when quantized => Fixed<sbyte>(c),
            DType.UInt8 when quantized => Fixed<byte>(c),
            DType.Int16 when quantized => Fixed<short>(c),
            DType.Float32 => Numbers<float>(c),
            DType.Int8 => Numbers<sbyte>(c),
            DType.UInt8 or DType.Bool => Numbers<byte>(c),
            DType.Int16 => Numbers<short>(c),
            DType.UInt16 => Numbers<ushort>(c),
            DType.Int32 => Numbers<int>(c),
            DType.UInt32 => Numbers<uint>(c),
            DType.Int64 => Numbers<long>(c),
            _ => Numbers<ulong>(c),
        };
    }

    static bool IsQuantized(DType type, Quantization? quant)
        => quant is not null && type is (DType.Int8 or DType.UInt8 or DType.Int16);

    private protected abstract Step Numbers<T>(PrepareContext c)
        where T : unmanaged, INumber<T>;

    private protected abstract Step Fixed<T>(PrepareContext c)
        where T : unmanaged, IBinaryInteger<T>;

    private protected static Step Plain<T, TFn>(PrepareContext c)
        where T : unmanaged
        where TFn : struct, ICompare<T>
        => new CompareStep<T, TFn>(c.Workers, c.Input(0), c.Input(1), c.Output(0), default);

    private protected static Step Rescaled<T, TFn>(PrepareContext c)
        where T : unmanaged, IBinaryInteger<T>
        where TFn : struct, ICompare<int>
    {
        TensorView a = c.Input(0);
        TensorView b = c.Input(1);
        var fn = new FixedFn.Comparison<T, TFn>(
            new FixedInput(a.Quant!.Scale, a.Quant.ZeroPoint),
            new FixedInput(b.Quant!.Scale, b.Quant.ZeroPoint));
        return new CompareStep<T, FixedFn.Comparison<T, TFn>>(c.Workers, a, b, c.Output(0), fn);
    }
}

/// <summary>y = 1 where a = b</summary>
public sealed class Equal : Comparison, IOp<Equal>
{
    public static OpCode Code => OpCode.Equal;

    public override OpCode OpCode => Code;

    public static Equal Read(ref AttributeReader a) => new();

    private protected override Step Numbers<T>(PrepareContext c)
        => Plain<T, CompareFn.Equal<T>>(c);

    private protected override Step Fixed<T>(PrepareContext c)
        => Rescaled<T, CompareFn.Equal<int>>(c);
}

/// <summary>y = 1 where a ≠ b</summary>
public sealed class NotEqual : Comparison, IOp<NotEqual>
{
    public static OpCode Code => OpCode.NotEqual;

    public override OpCode OpCode => Code;

    public static NotEqual Read(ref AttributeReader a) => new();

    private protected override Step Numbers<T>(PrepareContext c)
        => Plain<T, CompareFn.NotEqual<T>>(c);

    private protected override Step Fixed<T>(PrepareContext c)
        => Rescaled<T, CompareFn.NotEqual<int>>(c);
}

/// <summary>y = 1 where a &lt; b</summary>
public sealed class Less : Comparison, IOp<Less>
{
    public static OpCode Code => OpCode.Less;

    public override OpCode OpCode => Code;

    public static Less Read(ref AttributeReader a) => new();

    private protected override Step Numbers<T>(PrepareContext c)
        => Plain<T, CompareFn.Less<T>>(c);

    private protected override Step Fixed<T>(PrepareContext c)
        => Rescaled<T, CompareFn.Less<int>>(c);
}

/// <summary>y = 1 where a ≤ b</summary>
public sealed class LessEqual : Comparison, IOp<LessEqual>
{
    public static OpCode Code => OpCode.LessEqual;

    public override OpCode OpCode => Code;

    public static LessEqual Read(ref AttributeReader a) => new();

    private protected override Step Numbers<T>(PrepareContext c)
        => Plain<T, CompareFn.LessEqual<T>>(c);

    private protected override Step Fixed<T>(PrepareContext c)
        => Rescaled<T, CompareFn.LessEqual<int>>(c);
}

/// <summary>y = 1 where a &gt; b</summary>
public sealed class Greater : Comparison, IOp<Greater>
{
    public static OpCode Code => OpCode.Greater;

    public override OpCode OpCode => Code;

    public static Greater Read(ref AttributeReader a) => new();

    private protected override Step Numbers<T>(PrepareContext c)
        => Plain<T, CompareFn.Greater<T>>(c);

    private protected override Step Fixed<T>(PrepareContext c)
        => Rescaled<T, CompareFn.Greater<int>>(c);
}

/// <summary>y = 1 where a ≥ b</summary>
public sealed class GreaterEqual : Comparison, IOp<GreaterEqual>
{
    public static OpCode Code => OpCode.GreaterEqual;

    public override OpCode OpCode => Code;

    public static GreaterEqual Read(ref AttributeReader a) => new();

    private protected override Step Numbers<T>(PrepareContext c)
        => Plain<T, CompareFn.GreaterEqual<T>>(c);

    private protected override Step Fixed<T>(PrepareContext c)
        => Rescaled<T, CompareFn.GreaterEqual<int>>(c);
}
