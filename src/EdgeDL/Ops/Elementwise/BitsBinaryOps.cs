using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = fn(a, b) on the bits of integers or on truth values, with broadcasting.</summary>
public abstract class BitsBinary : NumericBinary
{
    private protected override string? Problem(DType type)
        => type.IsInteger() && type != DType.Int4 ? null : $"takes integers, gets {type}";

    private protected sealed override Step Floats(in BinaryOperands o)
        => throw new InvalidOperationException("inference lets no floats through");
}

/// <summary>y = a and b, on truth values</summary>
public sealed class LogicalAnd : BitsBinary, IOp<LogicalAnd>
{
    public static OpCode Code => OpCode.LogicalAnd;

    public override OpCode OpCode => Code;

    public static LogicalAnd Read(ref AttributeReader a) => new();

    private protected override string? Problem(DType type)
        => type == DType.Bool ? null : $"takes Bool, gets {type}";

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.And<long>, BinaryFn.And<ulong>>();
}

/// <summary>y = a or b, on truth values</summary>
public sealed class LogicalOr : BitsBinary, IOp<LogicalOr>
{
    public static OpCode Code => OpCode.LogicalOr;

    public override OpCode OpCode => Code;

    public static LogicalOr Read(ref AttributeReader a) => new();

    private protected override string? Problem(DType type)
        => type == DType.Bool ? null : $"takes Bool, gets {type}";

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Or<long>, BinaryFn.Or<ulong>>();
}

/// <summary>y = a unequal b, on truth values</summary>
public sealed class LogicalXor : BitsBinary, IOp<LogicalXor>
{
    public static OpCode Code => OpCode.LogicalXor;

    public override OpCode OpCode => Code;

    public static LogicalXor Read(ref AttributeReader a) => new();

    private protected override string? Problem(DType type)
        => type == DType.Bool ? null : $"takes Bool, gets {type}";

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Xor<long>, BinaryFn.Xor<ulong>>();
}

/// <summary>y = the bits that a and b both have</summary>
public sealed class BitwiseAnd : BitsBinary, IOp<BitwiseAnd>
{
    public static OpCode Code => OpCode.BitwiseAnd;

    public override OpCode OpCode => Code;

    public static BitwiseAnd Read(ref AttributeReader a) => new();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.And<long>, BinaryFn.And<ulong>>();
}

/// <summary>y = the bits that a or b has</summary>
public sealed class BitwiseOr : BitsBinary, IOp<BitwiseOr>
{
    public static OpCode Code => OpCode.BitwiseOr;

    public override OpCode OpCode => Code;

    public static BitwiseOr Read(ref AttributeReader a) => new();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Or<long>, BinaryFn.Or<ulong>>();
}

/// <summary>y = the bits that one of a and b has</summary>
public sealed class BitwiseXor : BitsBinary, IOp<BitwiseXor>
{
    public static OpCode Code => OpCode.BitwiseXor;

    public override OpCode OpCode => Code;

    public static BitwiseXor Read(ref AttributeReader a) => new();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Xor<long>, BinaryFn.Xor<ulong>>();
}

/// <summary>y = a · 2ᵇ; 0 where b is not below the width</summary>
public sealed class ShiftLeft : BitsBinary, IOp<ShiftLeft>
{
    public static OpCode Code => OpCode.ShiftLeft;

    public override OpCode OpCode => Code;

    public static ShiftLeft Read(ref AttributeReader a) => new();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.ShiftLeft<long>, BinaryFn.ShiftLeft<ulong>>();
}

/// <summary>y = ⌊a / 2ᵇ⌋, the sign kept</summary>
public sealed class ShiftRight : BitsBinary, IOp<ShiftRight>
{
    public static OpCode Code => OpCode.ShiftRight;

    public override OpCode OpCode => Code;

    public static ShiftRight Read(ref AttributeReader a) => new();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.ShiftRight<long>, BinaryFn.ShiftRight<ulong>>();
}
