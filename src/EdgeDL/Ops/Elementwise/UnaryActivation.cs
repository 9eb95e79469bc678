using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Ops;

/// <summary>y = x where x ≥ 0, else alpha·(eˣ − 1)  (Clevert et al., 2015)</summary>
public sealed class Elu(float alpha)
    : Unary<Elu, UnaryFn.Elu>, IOp<Elu>
{
    public static OpCode Code => OpCode.Elu;

    public float Alpha => alpha;

    public static Elu Read(ref AttributeReader a) => new(a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(alpha);
    }

    protected override UnaryFn.Elu Function => new(alpha);

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(float.IsFinite(alpha)))
        {
            c.Fail($"alpha {alpha} can't be");
        }

        base.Check(c, x);
    }
}

/// <summary>y = x where x ≥ 0, else alpha·(e^(x/alpha) − 1)</summary>
public sealed class Celu(float alpha)
    : Unary<Celu, UnaryFn.Celu>, IOp<Celu>
{
    public static OpCode Code => OpCode.Celu;

    public float Alpha => alpha;

    public static Celu Read(ref AttributeReader a) => new(a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(alpha);
    }

    protected override UnaryFn.Celu Function => new(alpha);

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(alpha > 0 && float.IsFinite(alpha)))
        {
            c.Fail($"alpha {alpha} can't be");
        }

        base.Check(c, x);
    }
}

/// <summary>y = scale·x where x ≥ 0, else scale·alpha·(eˣ − 1)  (Klambauer et al., 2017)</summary>
public sealed class Selu(float alpha, float scale)
    : Unary<Selu, UnaryFn.Selu>, IOp<Selu>
{
    public static OpCode Code => OpCode.Selu;

    public float Alpha => alpha;

    public float Scale => scale;

    public static Selu Read(ref AttributeReader a) => new(a.Float(), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(alpha);
        a.Float(scale);
    }

    protected override UnaryFn.Selu Function => new(alpha, scale);

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(float.IsFinite(alpha) && float.IsFinite(scale)))
        {
            c.Fail($"alpha {alpha} and scale {scale} can't be");
        }

        base.Check(c, x);
    }
}

/// <summary>y = min(max(alpha·x + beta, 0), 1)</summary>
public sealed class HardSigmoid(float alpha, float beta)
    : Unary<HardSigmoid, UnaryFn.HardSigmoid>, IOp<HardSigmoid>
{
    public static OpCode Code => OpCode.HardSigmoid;

    public float Alpha => alpha;

    public float Beta => beta;

    public static HardSigmoid Read(ref AttributeReader a) => new(a.Float(), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(alpha);
        a.Float(beta);
    }

    protected override UnaryFn.HardSigmoid Function => new(alpha, beta);

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(float.IsFinite(alpha) && float.IsFinite(beta)))
        {
            c.Fail($"alpha {alpha} and beta {beta} can't be");
        }

        base.Check(c, x);
    }
}

/// <summary>y = x where x &gt; alpha, else 0</summary>
public sealed class ThresholdedRelu(float alpha)
    : Unary<ThresholdedRelu, UnaryFn.ThresholdedRelu>, IOp<ThresholdedRelu>
{
    public static OpCode Code => OpCode.ThresholdedRelu;

    public float Alpha => alpha;

    public static ThresholdedRelu Read(ref AttributeReader a) => new(a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(alpha);
    }

    protected override UnaryFn.ThresholdedRelu Function => new(alpha);

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(float.IsFinite(alpha)))
        {
            c.Fail($"alpha {alpha} can't be");
        }

        base.Check(c, x);
    }
}

/// <summary>y = x + bias below −lambda, x − bias above lambda, else 0</summary>
public sealed class Shrink(float lambda, float bias)
    : Unary<Shrink, UnaryFn.Shrink>, IOp<Shrink>
{
    public static OpCode Code => OpCode.Shrink;

    public float Lambda => lambda;

    public float Bias => bias;

    public static Shrink Read(ref AttributeReader a) => new(a.Float(), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(lambda);
        a.Float(bias);
    }

    protected override UnaryFn.Shrink Function => new(lambda, bias);

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(float.IsFinite(lambda) && float.IsFinite(bias)))
        {
            c.Fail($"lambda {lambda} and bias {bias} can't be");
        }

        base.Check(c, x);
    }
}

/// <summary>
/// y = x·min(max(x + 3, 0), 6) / 6  (Howard et al., 2019). 8 bits in TensorFlow Lite's fixed point.
/// </summary>
public sealed class HardSwish : Unary<HardSwish, UnaryFn.HardSwish>, IOp<HardSwish>
{
    public static OpCode Code => OpCode.HardSwish;

    public static HardSwish Read(ref AttributeReader a) => new();

    protected override UnaryFn.HardSwish Function => default;

    private protected override Step Prepare8(PrepareContext c)
        => TableFill.HardSwishFixed.For(c.Input(0).Quant!.Scale, c.Output(0).Quant!.Scale) is { } f
            ? Table8Step.Create(c, f)
            : base.Prepare8(c);
}

/// <summary>y = x / (1 + e^−x)</summary>
public sealed class Silu : Unary<Silu, UnaryFn.Silu>, IOp<Silu>
{
    public static OpCode Code => OpCode.Silu;

    public static Silu Read(ref AttributeReader a) => new();

    protected override UnaryFn.Silu Function => default;
}

/// <summary>y = x·tanh(ln(1 + eˣ))  (Misra, 2019)</summary>
public sealed class Mish : Unary<Mish, UnaryFn.Mish>, IOp<Mish>
{
    public static OpCode Code => OpCode.Mish;

    public static Mish Read(ref AttributeReader a) => new();

    protected override UnaryFn.Mish Function => default;
}

/// <summary>y = ln(1 + eˣ)</summary>
public sealed class Softplus : Unary<Softplus, UnaryFn.Softplus>, IOp<Softplus>
{
    public static OpCode Code => OpCode.Softplus;

    public static Softplus Read(ref AttributeReader a) => new();

    protected override UnaryFn.Softplus Function => default;
}

/// <summary>y = x / (1 + |x|)</summary>
public sealed class Softsign : Unary<Softsign, UnaryFn.Softsign>, IOp<Softsign>
{
    public static OpCode Code => OpCode.Softsign;

    public static Softsign Read(ref AttributeReader a) => new();

    protected override UnaryFn.Softsign Function => default;
}

/// <summary>y = x·Φ(x), Φ the normal distribution  (Hendrycks and Gimpel, 2016)</summary>
public sealed class Gelu : Unary<Gelu, UnaryFn.Gelu>, IOp<Gelu>
{
    public static OpCode Code => OpCode.Gelu;

    public static Gelu Read(ref AttributeReader a) => new();

    protected override UnaryFn.Gelu Function => default;
}

/// <summary>y = x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))</summary>
public sealed class GeluTanh : Unary<GeluTanh, UnaryFn.GeluTanh>, IOp<GeluTanh>
{
    public static OpCode Code => OpCode.GeluTanh;

    public static GeluTanh Read(ref AttributeReader a) => new();

    protected override UnaryFn.GeluTanh Function => default;
}
