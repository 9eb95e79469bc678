using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Ops;

/// <summary>y = eˣ</summary>
public sealed class Exp : Unary<Exp, UnaryFn.Exp>, IOp<Exp>
{
    public static OpCode Code => OpCode.Exp;

    public static Exp Read(ref AttributeReader a) => new();

    protected override UnaryFn.Exp Function => default;
}

/// <summary>y = ln x</summary>
public sealed class Log : Unary<Log, UnaryFn.Log>, IOp<Log>
{
    public static OpCode Code => OpCode.Log;

    public static Log Read(ref AttributeReader a) => new();

    protected override UnaryFn.Log Function => default;
}

/// <summary>y = sin x</summary>
public sealed class Sin : Unary<Sin, UnaryFn.Sin>, IOp<Sin>
{
    public static OpCode Code => OpCode.Sin;

    public static Sin Read(ref AttributeReader a) => new();

    protected override UnaryFn.Sin Function => default;
}

/// <summary>y = cos x</summary>
public sealed class Cos : Unary<Cos, UnaryFn.Cos>, IOp<Cos>
{
    public static OpCode Code => OpCode.Cos;

    public static Cos Read(ref AttributeReader a) => new();

    protected override UnaryFn.Cos Function => default;
}

/// <summary>y = tan x</summary>
public sealed class Tan : Unary<Tan, UnaryFn.Tan>, IOp<Tan>
{
    public static OpCode Code => OpCode.Tan;

    public static Tan Read(ref AttributeReader a) => new();

    protected override UnaryFn.Tan Function => default;
}

/// <summary>y = tanh x</summary>
public sealed class Tanh : Unary<Tanh, UnaryFn.Tanh>, IOp<Tanh>
{
    public static OpCode Code => OpCode.Tanh;

    public static Tanh Read(ref AttributeReader a) => new();

    protected override UnaryFn.Tanh Function => default;

    protected override void Check(InferContext c, InferInput x)
    {
        base.Check(c, x);
        Sigmoid16Checks.RequireSymmetric(c, x);
    }

    private protected override Step PrepareInt16(PrepareContext c)
        => c.Input(0).Quant!.Scale switch
        {
            FixedGate.UnitScale => new FixedGateStep<FixedGate.Tanh>(c, leftShift: 0),
            2 * FixedGate.UnitScale => new FixedGateStep<FixedGate.Tanh>(c, leftShift: 1),
            _ => Sigmoid16Step<Tanh16>.Create(c),
        };
}

/// <summary>y = 1 / (1 + e^−x)</summary>
public sealed class Logistic : Unary<Logistic, UnaryFn.Logistic>, IOp<Logistic>
{
    public static OpCode Code => OpCode.Logistic;

    public static Logistic Read(ref AttributeReader a) => new();

    protected override UnaryFn.Logistic Function => default;

    protected override void Check(InferContext c, InferInput x)
    {
        base.Check(c, x);
        Sigmoid16Checks.RequireSymmetric(c, x);
    }

    private protected override Step PrepareInt16(PrepareContext c)
        => c.Input(0).Quant!.Scale == FixedGate.UnitScale
            ? new FixedGateStep<FixedGate.Logistic>(c, leftShift: 0)
            : Sigmoid16Step<Logistic16>.Create(c);
}

/// <summary>y = sinh x</summary>
public sealed class Sinh : Unary<Sinh, UnaryFn.Sinh>, IOp<Sinh>
{
    public static OpCode Code => OpCode.Sinh;

    public static Sinh Read(ref AttributeReader a) => new();

    protected override UnaryFn.Sinh Function => default;
}

/// <summary>y = cosh x</summary>
public sealed class Cosh : Unary<Cosh, UnaryFn.Cosh>, IOp<Cosh>
{
    public static OpCode Code => OpCode.Cosh;

    public static Cosh Read(ref AttributeReader a) => new();

    protected override UnaryFn.Cosh Function => default;
}

/// <summary>y = arcsin x</summary>
public sealed class Asin : Unary<Asin, UnaryFn.Asin>, IOp<Asin>
{
    public static OpCode Code => OpCode.Asin;

    public static Asin Read(ref AttributeReader a) => new();

    protected override UnaryFn.Asin Function => default;
}

/// <summary>y = arccos x</summary>
public sealed class Acos : Unary<Acos, UnaryFn.Acos>, IOp<Acos>
{
    public static OpCode Code => OpCode.Acos;

    public static Acos Read(ref AttributeReader a) => new();

    protected override UnaryFn.Acos Function => default;
}

/// <summary>y = arctan x</summary>
public sealed class Atan : Unary<Atan, UnaryFn.Atan>, IOp<Atan>
{
    public static OpCode Code => OpCode.Atan;

    public static Atan Read(ref AttributeReader a) => new();

    protected override UnaryFn.Atan Function => default;
}

/// <summary>y = arsinh x</summary>
public sealed class Asinh : Unary<Asinh, UnaryFn.Asinh>, IOp<Asinh>
{
    public static OpCode Code => OpCode.Asinh;

    public static Asinh Read(ref AttributeReader a) => new();

    protected override UnaryFn.Asinh Function => default;
}

/// <summary>y = arcosh x</summary>
public sealed class Acosh : Unary<Acosh, UnaryFn.Acosh>, IOp<Acosh>
{
    public static OpCode Code => OpCode.Acosh;

    public static Acosh Read(ref AttributeReader a) => new();

    protected override UnaryFn.Acosh Function => default;
}

/// <summary>y = artanh x</summary>
public sealed class Atanh : Unary<Atanh, UnaryFn.Atanh>, IOp<Atanh>
{
    public static OpCode Code => OpCode.Atanh;

    public static Atanh Read(ref AttributeReader a) => new();

    protected override UnaryFn.Atanh Function => default;
}

/// <summary>y = erf x = 2/√π ∫₀ˣ e^−t² dt</summary>
public sealed class Erf : Unary<Erf, UnaryFn.Erf>, IOp<Erf>
{
    public static OpCode Code => OpCode.Erf;

    public static Erf Read(ref AttributeReader a) => new();

    protected override UnaryFn.Erf Function => default;
}

/// <summary>y = ln(1 + x)</summary>
public sealed class Log1p : Unary<Log1p, UnaryFn.Log1p>, IOp<Log1p>
{
    public static OpCode Code => OpCode.Log1p;

    public static Log1p Read(ref AttributeReader a) => new();

    protected override UnaryFn.Log1p Function => default;
}

/// <summary>y = eˣ − 1</summary>
public sealed class Expm1 : Unary<Expm1, UnaryFn.Expm1>, IOp<Expm1>
{
    public static OpCode Code => OpCode.Expm1;

    public static Expm1 Read(ref AttributeReader a) => new();

    protected override UnaryFn.Expm1 Function => default;
}
