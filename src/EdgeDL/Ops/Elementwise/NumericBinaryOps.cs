using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Ops;

/// <summary>y = the larger of a and b; NaN if either is</summary>
public sealed class Maximum : NumericBinary, IOp<Maximum>
{
    public static OpCode Code => OpCode.Maximum;

    public override OpCode OpCode => Code;

    public static Maximum Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Lanes<BinaryFn.Maximum<float>>(default);

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Maximum<long>, BinaryFn.Maximum<ulong>>();
}

/// <summary>y = the smaller of a and b; NaN if either is</summary>
public sealed class Minimum : NumericBinary, IOp<Minimum>
{
    public static OpCode Code => OpCode.Minimum;

    public override OpCode OpCode => Code;

    public static Minimum Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Lanes<BinaryFn.Minimum<float>>(default);

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Minimum<long>, BinaryFn.Minimum<ulong>>();
}

/// <summary>y = aᵇ</summary>
public sealed class Pow : NumericBinary, IOp<Pow>
{
    public static OpCode Code => OpCode.Pow;

    public override OpCode OpCode => Code;

    public static Pow Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Each<BinaryFn.Pow>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.PowInteger<long>, BinaryFn.PowInteger<ulong>>();
}

/// <summary>y = ⌊a / b⌋; for integers 0 where b is 0</summary>
public sealed class FloorDiv : NumericBinary, IOp<FloorDiv>
{
    public static OpCode Code => OpCode.FloorDiv;

    public override OpCode OpCode => Code;

    public static FloorDiv Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Each<BinaryFn.FloorDiv>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.FloorDivInteger<long>, BinaryFn.FloorDivInteger<ulong>>();
}

/// <summary>y = a − b·⌊a / b⌋, with b's sign; for integers 0 where b is 0</summary>
public sealed class FloorMod : NumericBinary, IOp<FloorMod>
{
    public static OpCode Code => OpCode.FloorMod;

    public override OpCode OpCode => Code;

    public static FloorMod Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Each<BinaryFn.FloorMod>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.FloorModInteger<long>, BinaryFn.FloorModInteger<ulong>>();
}

/// <summary>y = the remainder of a / b with a's sign; for integers 0 where b is 0</summary>
public sealed class Mod : NumericBinary, IOp<Mod>
{
    public static OpCode Code => OpCode.Mod;

    public override OpCode OpCode => Code;

    public static Mod Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Each<BinaryFn.Mod>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.ModInteger<long>, BinaryFn.ModInteger<ulong>>();
}
