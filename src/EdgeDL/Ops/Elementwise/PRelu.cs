using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = a where a ≥ 0, else a · b, with broadcasting  (He et al., 2015).</summary>
public sealed class PRelu : Op, IOp<PRelu>
{
    public static OpCode Code => OpCode.PRelu;

    public override OpCode OpCode => Code;

    public static PRelu Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput a = c.Input(0);
        InferInput b = c.Input(1);
        BinaryChecks.SameType(c, a, b);
        switch (a.DType)
        {
            case DType.Float32:
                break;
            case DType.Int8 or DType.UInt8 or DType.Int16:
                Quantization qa = Quantizations.Require(c, a.Quant, a.DType, "input 0");
                Quantization qb = Quantizations.Require(c, b.Quant, a.DType, "input 1");
                Quantization qy = Quantizations.Require(c, c.OutputQuant(0), a.DType, "the output");
                Quantizations.RequireRatio(c, Math.Max(qb.Scale, 1f), qa, qy);
                break;
            default:
                c.Fail($"takes Float32 or quantized Int8, UInt8, Int16, gets {a.DType}");
                break;
        }

        BinaryChecks.SetOutput(c, a, b, a.DType);
    }

    public override Step? Prepare(PrepareContext c)
    {
        var o = new BinaryOperands(c, Activation.None);
        return c.Input(0).DType == DType.Float32 ? o.Each<BinaryFn.PRelu>()
            : c.Output(0).Quant!.Rounding == Rounding.ToEven ? o.EachReal<BinaryFn.PRelu>()
            : o.Fixed(new FixedFn.PRelu(o.FixedA, o.FixedB, o.Quantized));
    }
}

/// <summary>y = the angle of the point (b, a), in (−π, π], with broadcasting.</summary>
public sealed class Atan2 : Op, IOp<Atan2>
{
    public static OpCode Code => OpCode.Atan2;

    public override OpCode OpCode => Code;

    public static Atan2 Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput a = c.Input(0);
        InferInput b = c.Input(1);
        BinaryChecks.SameType(c, a, b);
        if (a.DType != DType.Float32)
        {
            c.Fail($"takes Float32, gets {a.DType}");
        }

        BinaryChecks.SetOutput(c, a, b, a.DType);
    }

    public override Step? Prepare(PrepareContext c)
        => new BinaryOperands(c, Activation.None).Each<BinaryFn.Atan2>();
}
