using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = max(x, 0)</summary>
public sealed class Relu
    : IntegerUnary<Relu, UnaryFn.Relu, IntegerFn.Relu>, IOp<Relu>
{
    public static OpCode Code => OpCode.Relu;

    public static Relu Read(ref AttributeReader a) => new();

    protected override UnaryFn.Relu Function => default;

    private protected override Step PrepareInt16(PrepareContext c)
        => ReluInt16.Create(c, 0f, float.PositiveInfinity);
}

/// <summary>y = min(max(x, 0), 6)</summary>
public sealed class Relu6 : Unary<Relu6, UnaryFn.Relu6>, IOp<Relu6>
{
    public static OpCode Code => OpCode.Relu6;

    public static Relu6 Read(ref AttributeReader a) => new();

    protected override UnaryFn.Relu6 Function => default;

    private protected override Step PrepareInt16(PrepareContext c)
        => ReluInt16.Create(c, 0f, 6f);
}

/// <summary>y = min(max(x, −1), 1)</summary>
public sealed class ReluN1To1 : Unary<ReluN1To1, UnaryFn.ReluN1To1>, IOp<ReluN1To1>
{
    public static OpCode Code => OpCode.ReluN1To1;

    public static ReluN1To1 Read(ref AttributeReader a) => new();

    protected override UnaryFn.ReluN1To1 Function => default;

    private protected override Step PrepareInt16(PrepareContext c)
        => ReluInt16.Create(c, -1f, 1f);
}

/// <summary>y = min(max(x, 0), 1)</summary>
public sealed class Relu0To1 : Unary<Relu0To1, UnaryFn.Relu0To1>, IOp<Relu0To1>
{
    public static OpCode Code => OpCode.Relu0To1;

    public static Relu0To1 Read(ref AttributeReader a) => new();

    protected override UnaryFn.Relu0To1 Function => default;

    private protected override Step PrepareInt16(PrepareContext c)
        => ReluInt16.Create(c, 0f, 1f);
}

/// <summary>y = min(max(x, low), high)</summary>
public sealed class Clip(float low, float high)
    : Unary<Clip, UnaryFn.Clip>, IOp<Clip>
{
    public static OpCode Code => OpCode.Clip;

    public float Low => low;

    public float High => high;

    public static Clip Read(ref AttributeReader a) => new(a.Float(), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(low);
        a.Float(high);
    }

    protected override UnaryFn.Clip Function => new(low, high);

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(low <= high))
        {
            c.Fail($"low {low} and high {high} can't be");
        }

        base.Check(c, x);
    }

    private protected override Step PrepareInt16(PrepareContext c)
        => ReluInt16.Create(c, low, high);
}

/// <summary>
/// y = x where x ≥ 0, else alpha·x. 8 bits with XNNPACK's arithmetic inside its ranges.
/// </summary>
public sealed class LeakyRelu(float alpha)
    : Unary<LeakyRelu, UnaryFn.LeakyRelu>, IOp<LeakyRelu>
{
    public static OpCode Code => OpCode.LeakyRelu;

    public float Alpha => alpha;

    public static LeakyRelu Read(ref AttributeReader a) => new(a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(alpha);
    }

    protected override UnaryFn.LeakyRelu Function => new(alpha);

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(float.IsFinite(alpha)))
        {
            c.Fail($"alpha {alpha} can't be");
        }

        base.Check(c, x);
        if (x.DType != DType.Float32)
        {
            Quantizations.RequireRatio(
                c, Math.Max(MathF.Abs(alpha), 1f), x.Quant!, c.OutputQuant(0)!);
        }
    }

    private protected override Step Prepare8(PrepareContext c)
    {
        float scaleX = c.Input(0).Quant!.Scale;
        float scaleY = c.Output(0).Quant!.Scale;
        return TableFill.LeakyRelu.Takes(scaleX, scaleY, alpha)
            ? Table8Step.Create(c, new TableFill.LeakyRelu(alpha))
            : Table8Step.Create(c, new TableFill.LeakyReluFixed(scaleX, scaleY, alpha));
    }

    private protected override Step PrepareInt16(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        float scaleX = x.Quant!.Scale;
        float scaleY = y.Quant!.Scale;
        return new ScaledS16Step(
            c.Workers,
            x,
            y,
            FixedFactor.Of(scaleX / scaleY),
            FixedFactor.Of(scaleX * Math.Abs(alpha) / scaleY),
            alpha < 0 ? -1 : 1,
            (short.MinValue, short.MaxValue));
    }
}

/// <summary>The ReLU family on 16 bits: rescaled in fixed point, then clamped.</summary>
static class ReluInt16
{
    public static Step Create(PrepareContext c, float low, float high)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        Quantization to = y.Quant!;
        // A ratio that no fixed point holds only reaches values that the clamp decides.
        FixedFactor factor = FixedFactor.Of(
            Math.Min(x.Quant!.Scale / to.Scale, 1 << 29));
        return new ScaledS16Step(
            c.Workers, x, y, factor, factor, 1, (Bound(low, to), Bound(high, to)));
    }

    static int Bound(float real, Quantization quant)
    {
        double steps = Math.Round(real / quant.Scale, MidpointRounding.AwayFromZero);
        return (int)Math.Clamp(steps + quant.ZeroPoint, short.MinValue, short.MaxValue);
    }
}
