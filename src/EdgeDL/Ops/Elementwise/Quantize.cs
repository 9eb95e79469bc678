using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Kernels.Quant;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// q = round(x / scale) + zeroPoint in the output's quantization: from fp32, or from integers of
/// another quantization. Output scales may differ by slice of an axis when the input is fp32.
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
        if (x.DType == DType.Float32)
        {
            return to switch
            {
                DType.Int8 => new FloatStep<sbyte>(c),
                DType.UInt8 => new FloatStep<byte>(c),
                DType.Int16 => new FloatStep<short>(c),
                _ => new FloatStep<int>(c),
            };
        }

        // XNNPACK converts between scales of one type, TensorFlow Lite's own kernel the rest.
        bool table = x.DType == to && to.Bits() == 8
            && TableFill.Convert.Takes(x.Quant!.Scale, y.Quant!.Scale);
        return table
            ? Table8Step.Create(c, default(TableFill.Convert))
            : new RescaleStep(c.Workers, x, y);
    }

    sealed unsafe class FloatStep<TY>(PrepareContext c) : SliceStep(c, c.Output(0).Quant!)
        where TY : unmanaged, IBinaryInteger<TY>
    {
        readonly float* from = c.Input(0).Pointer<float>();
        readonly TY* to = c.Output(0).Pointer<TY>();
        readonly QuantizeLinear.Row<TY> row = QuantizeLinear.Best<TY>();

        protected override void Slice(int begin, int count, float scale, int zero)
        {
            var x = new ReadOnlySpan<float>(from + begin, count);
            var y = new Span<TY>(to + begin, count);
            if (sizeof(TY) == 1)
            {
                row.Run(x, scale, zero, y);
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
        readonly FixedFactor factor = FixedFactor.Of((double)x.Quant!.Scale / y.Quant!.Scale);

        protected override void Elements(int begin, int count)
        {
            long* wide = stackalloc long[WideElements.Block];
            for (int i = begin; i < begin + count; i += WideElements.Block)
            {
                int n = Math.Min(WideElements.Block, begin + count - i);
                widen(from + ((long)i * sizeX), n, wide);
                RescaleInteger.Run(new(wide, n), zeroX, factor, zeroY, range.Min, range.Max);
                narrow(wide, n, to + ((long)i * sizeY));
            }
        }
    }
}
