using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = |x|</summary>
public sealed class Abs
    : IntegerUnary<Abs, UnaryFn.Abs, IntegerFn.Abs>, IOp<Abs>
{
    public static OpCode Code => OpCode.Abs;

    public static Abs Read(ref AttributeReader a) => new();

    protected override UnaryFn.Abs Function => default;
}

/// <summary>y = −x. Quantized integers are negated as they are.</summary>
public sealed class Neg
    : IntegerUnary<Neg, UnaryFn.Neg, IntegerFn.Neg>, IOp<Neg>
{
    public static OpCode Code => OpCode.Neg;

    public static Neg Read(ref AttributeReader a) => new();

    protected override UnaryFn.Neg Function => default;

    private protected override Step Prepare8(PrepareContext c)
        => Table8Step.Create(c, default(TableFill.NegatedInteger));

    private protected override Step PrepareInt16(PrepareContext c)
        => WideUnaryStep.Create<IntegerFn.Neg>(c, DType.Int16);
}

/// <summary>y = x²</summary>
public sealed class Square
    : IntegerUnary<Square, UnaryFn.Square, IntegerFn.Square>, IOp<Square>
{
    public static OpCode Code => OpCode.Square;

    public static Square Read(ref AttributeReader a) => new();

    protected override UnaryFn.Square Function => default;
}

/// <summary>y = −1, 0 or 1 by the sign of x</summary>
public sealed class Sign
    : IntegerUnary<Sign, UnaryFn.Sign, IntegerFn.Sign>, IOp<Sign>
{
    public static OpCode Code => OpCode.Sign;

    public static Sign Read(ref AttributeReader a) => new();

    protected override UnaryFn.Sign Function => default;
}

/// <summary>y = √x. Integer results are cut off toward zero, as in TensorFlow Lite.</summary>
public sealed class Sqrt : Unary<Sqrt, UnaryFn.Sqrt>, IOp<Sqrt>
{
    public static OpCode Code => OpCode.Sqrt;

    public static Sqrt Read(ref AttributeReader a) => new();

    protected override UnaryFn.Sqrt Function => default;

    private protected override Step Prepare8(PrepareContext c)
        => Table8Step.Create(c, new TableFill.Truncated(Meaning));

    private protected override Step PrepareInt16(PrepareContext c)
        => new Sqrt16Step(c.Workers, c.Input(0), c.Output(0));
}

/// <summary>y = 1/√x</summary>
public sealed class Rsqrt : Unary<Rsqrt, UnaryFn.Rsqrt>, IOp<Rsqrt>
{
    public static OpCode Code => OpCode.Rsqrt;

    public static Rsqrt Read(ref AttributeReader a) => new();

    protected override UnaryFn.Rsqrt Function => default;

    private protected override Step PrepareInt16(PrepareContext c)
        => Table16Step.Create(c, new ScalarFunction<UnaryFn.RsqrtOfPositive>(default));
}

/// <summary>y = 1/x</summary>
public sealed class Reciprocal : Unary<Reciprocal, UnaryFn.Reciprocal>, IOp<Reciprocal>
{
    public static OpCode Code => OpCode.Reciprocal;

    public static Reciprocal Read(ref AttributeReader a) => new();

    protected override UnaryFn.Reciprocal Function => default;
}

/// <summary>y = ⌊x⌋</summary>
public sealed class Floor : Unary<Floor, UnaryFn.Floor>, IOp<Floor>
{
    public static OpCode Code => OpCode.Floor;

    public static Floor Read(ref AttributeReader a) => new();

    protected override UnaryFn.Floor Function => default;
}

/// <summary>y = ⌈x⌉</summary>
public sealed class Ceil : Unary<Ceil, UnaryFn.Ceil>, IOp<Ceil>
{
    public static OpCode Code => OpCode.Ceil;

    public static Ceil Read(ref AttributeReader a) => new();

    protected override UnaryFn.Ceil Function => default;
}

/// <summary>y = the nearest integer, halves to even</summary>
public sealed class Round : Unary<Round, UnaryFn.Round>, IOp<Round>
{
    public static OpCode Code => OpCode.Round;

    public static Round Read(ref AttributeReader a) => new();

    protected override UnaryFn.Round Function => default;
}
