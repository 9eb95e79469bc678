using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Quant;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = scale·(q − zeroPoint) in fp32, with one scale, one a slice of an axis or one a block; fp16
/// and bf16 numbers are only widened.
/// </summary>
public sealed class Dequantize : Op, IOp<Dequantize>
{
    public static OpCode Code => OpCode.Dequantize;

    public override OpCode OpCode => Code;

    public static Dequantize Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        switch (x.DType)
        {
            case DType.Float16 or DType.BFloat16:
                break;
            case DType.Int4 or DType.Int8 or DType.UInt8 or DType.Int16 or DType.Int32:
                SliceQuantization.Check(c, x.Quant, x.Shape, "the input");
                break;
            default:
                c.Fail("takes Float16, BFloat16, Int4, Int8, UInt8, Int16 or Int32, "
                    + $"gets {x.DType}");
                break;
        }

        c.SetOutput(0, DType.Float32, x.Shape);
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float16 or DType.BFloat16 => new Cast(DType.Float32).Prepare(c),
        DType.Int4 => new NibbleStep(c),
        DType.Int8 => new Step8<sbyte>(c),
        DType.UInt8 => new Step8<byte>(c),
        DType.Int16 => new WideStep<short>(c),
        _ => new WideStep<int>(c),
    };

    sealed unsafe class Step8<TX>(PrepareContext c) : SliceStep(c, c.Input(0).Quant!)
        where TX : unmanaged
    {
        readonly TX* from = c.Input(0).Pointer<TX>();
        readonly float* to = c.Output(0).Pointer<float>();
        readonly DequantizeLinear.Row<TX> row = DequantizeLinear.Best<TX>();

        protected override void Slice(int begin, int count, float scale, int zero)
            => row.Run(new(from + begin, count), scale, zero, new(to + begin, count));
    }

    sealed unsafe class WideStep<TX>(PrepareContext c) : SliceStep(c, c.Input(0).Quant!)
        where TX : unmanaged, IBinaryInteger<TX>
    {
        readonly TX* from = c.Input(0).Pointer<TX>();
        readonly float* to = c.Output(0).Pointer<float>();

        protected override void Slice(int begin, int count, float scale, int zero)
            => RescaleInteger.ToFloat<TX>(
                new(from + begin, count), scale, zero, new(to + begin, count));
    }

    sealed unsafe class NibbleStep(PrepareContext c) : SliceStep(c, c.Input(0).Quant!)
    {
        readonly byte* from = c.Input(0).Data;
        readonly float* to = c.Output(0).Pointer<float>();

        protected override void Slice(int begin, int count, float scale, int zero)
        {
            for (int i = begin; i < begin + count; i++)
            {
                int nibble = (sbyte)(from[i / 2] << ((i & 1) == 0 ? 4 : 0)) >> 4;
                to[i] = (nibble - zero) * scale;
            }
        }
    }
}
