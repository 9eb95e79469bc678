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
        => o.Lanes<float, BinaryFn.Maximum<float>>(default);

    private protected override Step Integers<T>(in BinaryOperands o)
        => o.Lanes<T, BinaryFn.Maximum<T>>(default);
}

/// <summary>y = the smaller of a and b; NaN if either is</summary>
public sealed class Minimum : NumericBinary, IOp<Minimum>
{
    public static OpCode Code => OpCode.Minimum;

    public override OpCode OpCode => Code;

    public static Minimum Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Lanes<float, BinaryFn.Minimum<float>>(default);

    private protected override Step Integers<T>(in BinaryOperands o)
        => o.Lanes<T, BinaryFn.Minimum<T>>(default);
}

/// <summary>y = aᵇ</summary>
public sealed class Pow : NumericBinary, IOp<Pow>
{
    public static OpCode Code => OpCode.Pow;

    public override OpCode OpCode => Code;

    public static Pow Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Each<float, BinaryFn.Pow>(default);

    private protected override Step Integers<T>(in BinaryOperands o)
        => o.Each<T, BinaryFn.PowInteger<T>>(default);
}

/// <summary>y = ⌊a / b⌋; for integers 0 where b is 0</summary>
public sealed class FloorDiv : NumericBinary, IOp<FloorDiv>
{
    public static OpCode Code => OpCode.FloorDiv;

    public override OpCode OpCode => Code;

    public static FloorDiv Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Each<float, BinaryFn.FloorDiv>(default);

    private protected override Step Integers<T>(in BinaryOperands o)
        => o.Each<T, BinaryFn.FloorDivInteger<T>>(default);
}

/// <summary>y = a − b·⌊a / b⌋, with b's sign; for integers 0 where b is 0</summary>
public sealed class FloorMod : NumericBinary, IOp<FloorMod>
{
    public static OpCode Code => OpCode.FloorMod;

    public override OpCode OpCode => Code;

    public static FloorMod Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Each<float, BinaryFn.FloorMod>(default);

    private protected override Step Integers<T>(in BinaryOperands o)
        => o.Each<T, BinaryFn.FloorModInteger<T>>(default);
}

/// <summary>y = the remainder of a / b with a's sign; for integers 0 where b is 0</summary>
public sealed class Mod : NumericBinary, IOp<Mod>
{
    public static OpCode Code => OpCode.Mod;

    public override OpCode OpCode => Code;

    public static Mod Read(ref AttributeReader a) => new();

    private protected override Step Floats(in BinaryOperands o)
        => o.Each<float, BinaryFn.Mod>(default);

    private protected override Step Integers<T>(in BinaryOperands o)
        => o.Each<T, BinaryFn.ModInteger<T>>(default);
}
