using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Kernels.Quant;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// q = round(x / scale) + zeroPoint in the output's quantization: from fp32, or from integers of
/// another quantization. Output scales may differ by slice of an axis when the input is fp32.
/// Halves go to even where the output rounds so, or where XNNPACK has the conversion.
/// </summary>
public sealed class Quantize(DType to) : Op, IOp<Quantize>
{
    public static OpCode Code => OpCode.Quantize;

    public override OpCode OpCode => Code;

    /// <summary>The element type of the result.</summary>
    public DType To => to;

    public static Quantize Read(ref AttributeReader a) => new((DType)a.Byte());

    public override void Write(ref AttributeWriter a) => a.Byte((byte)to);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (to is not (DType.Int8 or DType.UInt8 or DType.Int16 or DType.Int32))
        {
            c.Fail($"gives Int8, UInt8, Int16 or Int32, not {to}");
        }

        if (x.DType == DType.Float32)
        {
            SliceQuantization.Check(c, c.OutputQuant(0), x.Shape, "the output");
        }
        else if (x.DType is DType.Int8 or DType.UInt8 or DType.Int16 or DType.Int32)
        {
            Quantization from = SliceQuantization.RequireOne(c, x.Quant, x.DType, "the input");
            Quantization onto = SliceQuantization.RequireOne(c, c.OutputQuant(0), to, "the output");
            Quantizations.RequireRatio(c, 1, from, onto);
        }
        else
        {
            c.Fail($"takes Float32, Int8, UInt8, Int16 or Int32, gets {x.DType}");
        }

        c.SetOutput(0, to, x.Shape);
        if (x.DType.Bits() == to.Bits() && x.DType.IsInteger())
        {
            c.InPlace(output: 0, input: 0);
        }
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        bool toEven = y.Quant!.Rounding == Rounding.ToEven;
        if (x.DType == DType.Float32)
        {
            return to switch
            {
                DType.Int8 when toEven => new Float8Step<sbyte, QuantizeLinear.ByDivision>(c),
                DType.UInt8 when toEven => new Float8Step<byte, QuantizeLinear.ByDivision>(c),
                DType.Int8 => new Float8Step<sbyte, QuantizeLinear.ByReciprocal>(c),
                DType.UInt8 => new Float8Step<byte, QuantizeLinear.ByReciprocal>(c),
                DType.Int16 => new FloatStep<short>(c, toEven),
                _ => new FloatStep<int>(c, toEven),
            };
        }

        // XNNPACK converts between scales of one type, TensorFlow Lite's own kernel the rest.
        bool bytes = x.DType == to && to.Bits() == 8;
        return bytes && toEven ? Table8Step.Create(c, default(TableFill.Rescaled))
            : bytes && TableFill.Convert.Takes(x.Quant!.Scale, y.Quant.Scale)
                ? Table8Step.Create(c, default(TableFill.Convert))
            : new RescaleStep(c.Workers, x, y);
    }

    sealed unsafe class Float8Step<TY, TSteps>(PrepareContext c)
        : SliceStep(c, c.Output(0).Quant!)
        where TY : unmanaged
        where TSteps : struct, QuantizeLinear.ISteps
    {
        readonly float* from = c.Input(0).Pointer<float>();
        readonly TY* to = c.Output(0).Pointer<TY>();
        readonly QuantizeLinear.Row<TY, TSteps> row = QuantizeLinear.Best<TY, TSteps>();

        protected override void Slice(int begin, int count, float scale, int zero)
            => row.Run(new(from + begin, count), scale, zero, new(to + begin, count));
    }

    sealed unsafe class FloatStep<TY>(PrepareContext c, bool toEven)
        : SliceStep(c, c.Output(0).Quant!)
        where TY : unmanaged, IBinaryInteger<TY>
    {
        readonly float* from = c.Input(0).Pointer<float>();
        readonly TY* to = c.Output(0).Pointer<TY>();

        protected override void Slice(int begin, int count, float scale, int zero)
        {
            var x = new ReadOnlySpan<float>(from + begin, count);
            var y = new Span<TY>(to + begin, count);
            if (toEven)
            {
                RescaleInteger.ToEven(x, scale, zero, y);
            }
            else
            {
                RescaleInteger.FromFloat(x, scale, zero, y);
            }
        }
    }

    sealed unsafe class RescaleStep(Workers workers, TensorView x, TensorView y)
        : ElementsStep(workers, y.Elements)
    {
        readonly byte* from = x.Data;
        readonly byte* to = y.Data;
        readonly int sizeX = x.DType.Size();
        readonly int sizeY = y.DType.Size();
        readonly delegate*<byte*, int, long*, void> widen = WideElements.ToLong(x.DType);
        readonly delegate*<long*, int, byte*, void> narrow = WideElements.FromLong(y.DType);
        readonly (long Min, long Max) range = WideElements.Range(y.DType);
        readonly int zeroX = x.Quant!.ZeroPoint;
        readonly int zeroY = y.Quant!.ZeroPoint;
        readonly float scaleX = x.Quant!.Scale;
        readonly float scaleY = y.Quant!.Scale;
        readonly bool toEven = y.Quant!.Rounding == Rounding.ToEven;
        readonly FixedFactor factor = FixedFactor.Of((double)x.Quant!.Scale / y.Quant!.Scale);

        protected override void Elements(int begin, int count)
        {
            long* wide = stackalloc long[WideElements.Block];
            for (int i = begin; i < begin + count; i += WideElements.Block)
            {
                int n = Math.Min(WideElements.Block, begin + count - i);
                widen(from + ((long)i * sizeX), n, wide);
                if (toEven)
                {
                    RescaleInteger.ToEven(
                        new Span<long>(wide, n), zeroX, scaleX, scaleY, zeroY, range.Min,
                        range.Max);
                }
                else
                {
                    RescaleInteger.Run(
                        new(wide, n), zeroX, factor, zeroY, range.Min, range.Max);
                }

                narrow(wide, n, to + ((long)i * sizeY));
            }
        }
    }
}
