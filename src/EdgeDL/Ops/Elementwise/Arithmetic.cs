using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = activation(fn(a, b)) with broadcasting, on fp32, plain integers, which wrap, and quantized
/// integers of 8 and 16 bits, with TensorFlow Lite's arithmetic or ONNX's as the output rounds.
/// </summary>
public abstract class Arithmetic(Activation activation) : Op
{
    /// <summary>The clamp fused behind the function.</summary>
    public Activation Activation => activation;

    private protected static Activation ReadActivation(ref AttributeReader a)
        => (Activation)a.Enum(Activations.Count);

    public override void Write(ref AttributeWriter a) => a.Byte((byte)activation);

    public sealed override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput a = c.Input(0);
        InferInput b = c.Input(1);
        BinaryChecks.SameType(c, a, b);
        switch (a.DType)
        {
            case DType.Float32 or DType.Int32 or DType.Int64:
                break;
            case DType.UInt64 when activation != Activation.None:
                c.Fail($"fuses no {activation} behind UInt64");
                break;
            case DType.UInt16 or DType.UInt32 or DType.UInt64:
                break;
            case DType.Int8 or DType.UInt8 or DType.Int16
                when a.Quant is null && b.Quant is null && c.OutputQuant(0) is null:
                break;
            case DType.Int8 or DType.UInt8 or DType.Int16:
                Quantization qa = Quantizations.Require(c, a.Quant, a.DType, "input 0");
                Quantization qb = Quantizations.Require(c, b.Quant, a.DType, "input 1");
                Quantization qy = Quantizations.Require(c, c.OutputQuant(0), a.DType, "the output");
                CheckScales(c, qa, qb, qy);
                break;
            default:
                c.Fail($"takes Float32 or integers, gets {a.DType}");
                break;
        }

        BinaryChecks.SetOutput(c, a, b, a.DType);
    }

    /// <summary>Throws where the scales are beyond fixed-point arithmetic.</summary>
    private protected virtual void CheckScales(
        InferContext c, Quantization a, Quantization b, Quantization y)
    {
        double larger = Math.Max(a.Scale, b.Scale);
        if (!(larger / y.Scale < 1 << 20))
        {
            c.Fail($"the output's scale {y.Scale} is too small for scales up to {larger}");
        }
    }

    public sealed override Step? Prepare(PrepareContext c)
    {
        var operands = new BinaryOperands(c, activation);
        DType type = c.Input(0).DType;
        bool plain = type.Bits() > 16 || type == DType.UInt16 || c.Input(0).Quant is null;
        return type switch
        {
            DType.Float32 => Floats(operands),
            _ when plain => Integers(operands),
            _ when c.Output(0).Quant!.Rounding == Rounding.ToEven => Reals(operands),
            DType.Int16 => Fixed(operands),
            _ => Quantized(operands),
        };
    }

    private protected abstract Step Floats(in BinaryOperands o);

    private protected abstract Step Integers(in BinaryOperands o);

    /// <summary>Quantized integers with the arithmetic of ONNX.</summary>
    private protected abstract Step Reals(in BinaryOperands o);

    /// <summary>8 bits.</summary>
    private protected virtual Step Quantized(in BinaryOperands o) => Fixed(o);

    /// <summary>TensorFlow Lite's fixed-point arithmetic, for 16 bits and unusual scales.</summary>
    private protected abstract Step Fixed(in BinaryOperands o);
}

/// <summary>y = a + b</summary>
public sealed class Add(Activation activation) : Arithmetic(activation), IOp<Add>
{
    public static OpCode Code => OpCode.Add;

    public override OpCode OpCode => Code;

    public static Add Read(ref AttributeReader a) => new(ReadActivation(ref a));

    private protected override Step Floats(in BinaryOperands o)
        => o.Lanes<BinaryFn.Add<float>>(default);

    private protected override Step Reals(in BinaryOperands o)
        => o.Reals<BinaryFn.Add<float>>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Add<long>, BinaryFn.Add<ulong>>();

    private protected override Step Quantized(in BinaryOperands o)
    {
        FixedInput a = o.FixedA;
        FixedInput b = o.FixedB;
        Q8Output y = o.Quantized;
        return Q8Fn.Add.Takes(a.Scale, b.Scale, y.Scale)
            ? o.Q8(Q8Fn.Add.Sum(a.Scale, a.Zero, b.Scale, b.Zero, y))
            : Fixed(o);
    }

    private protected override Step Fixed(in BinaryOperands o)
        => o.Fixed(FixedFn.Add.Sum(o.FixedA, o.FixedB, o.Quantized, o.Y.DType.Bits()));
}

/// <summary>y = a − b</summary>
public sealed class Sub(Activation activation) : Arithmetic(activation), IOp<Sub>
{
    public static OpCode Code => OpCode.Sub;

    public override OpCode OpCode => Code;

    public static Sub Read(ref AttributeReader a) => new(ReadActivation(ref a));

    private protected override Step Floats(in BinaryOperands o)
        => o.Lanes<BinaryFn.Sub<float>>(default);

    private protected override Step Reals(in BinaryOperands o)
        => o.Reals<BinaryFn.Sub<float>>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Sub<long>, BinaryFn.Sub<ulong>>();

    private protected override Step Quantized(in BinaryOperands o)
    {
        FixedInput a = o.FixedA;
        FixedInput b = o.FixedB;
        Q8Output y = o.Quantized;
        return Q8Fn.Add.Takes(a.Scale, b.Scale, y.Scale)
            ? o.Q8(Q8Fn.Add.Difference(a.Scale, a.Zero, b.Scale, b.Zero, y))
            : Fixed(o);
    }

    private protected override Step Fixed(in BinaryOperands o)
        => o.Fixed(
            FixedFn.Add.Difference(o.FixedA, o.FixedB, o.Quantized, o.Y.DType.Bits()));
}

/// <summary>y = a · b</summary>
public sealed class Mul(Activation activation) : Arithmetic(activation), IOp<Mul>
{
    public static OpCode Code => OpCode.Mul;

    public override OpCode OpCode => Code;

    public static Mul Read(ref AttributeReader a) => new(ReadActivation(ref a));

    private protected override void CheckScales(
        InferContext c, Quantization a, Quantization b, Quantization y)
        => Quantizations.RequireRatio(c, a.Scale, b, y);

    private protected override Step Floats(in BinaryOperands o)
        => o.Lanes<BinaryFn.Mul<float>>(default);

    private protected override Step Reals(in BinaryOperands o)
        => o.Reals<BinaryFn.Mul<float>>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.Mul<long>, BinaryFn.Mul<ulong>>();

    private protected override Step Quantized(in BinaryOperands o)
    {
        FixedInput a = o.FixedA;
        FixedInput b = o.FixedB;
        Q8Output y = o.Quantized;
        return Q8Fn.Mul.Takes(a.Scale, b.Scale, y.Scale)
            ? o.Q8(new Q8Fn.Mul(a.Scale, a.Zero, b.Scale, b.Zero, y))
            : Fixed(o);
    }

    private protected override Step Fixed(in BinaryOperands o)
        => o.Fixed(new FixedFn.Mul(o.FixedA, o.FixedB, o.Quantized));
}

/// <summary>y = a / b; integers are rounded toward zero, and x / 0 is 0.</summary>
public sealed class Div(Activation activation) : Arithmetic(activation), IOp<Div>
{
    public static OpCode Code => OpCode.Div;

    public override OpCode OpCode => Code;

    public static Div Read(ref AttributeReader a) => new(ReadActivation(ref a));

    private protected override void CheckScales(
        InferContext c, Quantization a, Quantization b, Quantization y)
        => Quantizations.RequireRatio(c, 1.0 / b.Scale, a, y);

    private protected override Step Floats(in BinaryOperands o)
        => o.Lanes<BinaryFn.Div>(default);

    private protected override Step Reals(in BinaryOperands o)
        => o.Reals<BinaryFn.Div>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<BinaryFn.DivInteger<long>, BinaryFn.DivInteger<ulong>>();

    private protected override Step Fixed(in BinaryOperands o)
        => o.Fixed(new FixedFn.Div(o.FixedA, o.FixedB, o.Quantized));
}
