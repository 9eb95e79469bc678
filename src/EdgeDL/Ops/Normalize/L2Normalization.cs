using EdgeDL.Execution;
using EdgeDL.Kernels.Normalize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x / √(Σ x²) along the last axis: fp32; int8 and uint8 in fixed point with output scale 1/128
/// and zero point 0 or 128.
/// </summary>
public sealed class L2Normalization : Op, IOp<L2Normalization>
{
    // 255² · 2¹⁵ is below 2³¹.
    const int MostBytes = 1 << 15;

    public static OpCode Code => OpCode.L2Normalization;

    public override OpCode OpCode => Code;

    public static L2Normalization Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.Shape.Rank < 1)
        {
            c.Fail("takes at least one axis, gets a scalar");
        }

        if (x.DType is DType.Int8 or DType.UInt8)
        {
            Quantizations.Require(c, x.Quant, x.DType, "the input");
            Quantization to = Quantizations.Require(c, c.OutputQuant(0), x.DType, "the output");
            if (to.Scale != 1 / 128f || to.ZeroPoint != (x.DType == DType.Int8 ? 0 : 128))
            {
                c.Fail($"gives scale 1/128 round the middle of {x.DType}, the model says {to}");
            }

            if (x.Shape[-1] > MostBytes)
            {
                c.Fail($"rows have {x.Shape[-1]} integers, at most {MostBytes} fit the sum");
            }
        }
        else if (x.DType != DType.Float32)
        {
            c.Fail($"takes Float32, Int8 or UInt8, gets {x.DType}");
        }

        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) => new NormStep(c);

    sealed class NormStep(PrepareContext c) : RowsStep(
        c.Workers, c.Input(0).Shape.Product(0, c.Input(0).Shape.Rank - 1),
        c.Input(0).Shape[-1] * 4L)
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView y = c.Output(0);

        protected override void Rows(int begin, int end)
        {
            int length = x.Shape[-1];
            int zero = x.Quant?.ZeroPoint ?? 0;
            switch (x.DType)
            {
                case DType.Float32:
                    L2Normalize.RunF32(x.AsSpan<float>(), y.AsSpan<float>(), length, begin, end);
                    break;
                case DType.Int8:
                    L2Normalize.RunBytes<sbyte>(
                        x.AsSpan<sbyte>(), y.AsSpan<sbyte>(), length, zero, begin, end);
                    break;
                default:
                    L2Normalize.RunBytes<byte>(
                        x.AsSpan<byte>(), y.AsSpan<byte>(), length, zero, begin, end);
                    break;
            }
        }
    }
}
