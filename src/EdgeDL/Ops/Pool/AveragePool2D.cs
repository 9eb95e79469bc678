using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Pool;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = clamp(mean of x over a window), NHWC, fp32 or integers. Integer means round halves away from
/// zero; input and output share their quantization.
/// </summary>
public sealed class AveragePool2D(PoolWindow2D window, Activation activation)
    : Op, IOp<AveragePool2D>
{
    public static OpCode Code => OpCode.AveragePool2D;

    public override OpCode OpCode => Code;

    public PoolWindow2D Window => window;

    public Activation Activation => activation;

    public static AveragePool2D Read(ref AttributeReader a) =>
        new(PoolWindow2D.Read(ref a), (Activation)a.Enum(Activations.Count));

    public override void Write(ref AttributeWriter a)
    {
        window.Write(ref a);
        a.Byte((byte)activation);
    }

    public override void Infer(InferContext c)
    {
        window.Infer(c);
        InferInput x = c.Input(0);
        if (x.DType is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16))
        {
            c.Fail($"takes Float32, Int8, UInt8 or Int16, gets {x.DType}");
        }

        if (RoundsToEven(x.DType, c.OutputQuant(0)))
        {
            Quantizations.Require(c, x.Quant, x.DType, "the input");
            Quantizations.Require(c, c.OutputQuant(0), x.DType, "the output");
        }
        else
        {
            Quantizations.RequireSame(c);
        }

        // Sums are int32.
        long count = Math.Min(window.KernelHeight, x.Shape[1])
            * (long)Math.Min(window.KernelWidth, x.Shape[2]);
        if (x.DType != DType.Float32 && count > 1 << 15)
        {
            c.Fail($"averages {count} integers, at most {1 << 15} fit its sums");
        }
    }

    static bool RoundsToEven(DType type, Quantization? to) =>
        type is DType.Int8 or DType.UInt8 && to is { Rounding: Rounding.ToEven };

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        PoolShape shape = window.Bind(x.Shape, y.Shape);
        (float low, float high) = activation.Range();
        (int lo, int hi) = activation.Range(y.DType, y.Quant);
        if (RoundsToEven(x.DType, y.Quant))
        {
            var scales = new AverageScales(
                x.Quant!.Scale, x.Quant.ZeroPoint, y.Quant!.Scale, y.Quant.ZeroPoint, lo, hi);
            return x.DType == DType.Int8
                ? new ToEvenStep<sbyte>(c.Workers, shape, x, y, scales)
                : new ToEvenStep<byte>(c.Workers, shape, x, y, scales);
        }

        return x.DType switch
        {
            DType.Float32 => new FloatStep(c.Workers, shape, x, y, low, high),
            DType.Int8 => new IntegerStep<sbyte>(
                c.Workers, shape, x, y, lo, hi, AveragePoolInteger.RowsS8()),
            DType.UInt8 => new IntegerStep<byte>(
                c.Workers, shape, x, y, lo, hi, AveragePoolInteger.RowsU8()),
            _ => new IntegerStep<short>(
                c.Workers, shape, x, y, lo, hi, AveragePoolInteger.RowsS16()),
        };
    }

    sealed class FloatStep(
        Workers workers, PoolShape shape, TensorView x, TensorView y, float lo, float hi)
        : RowsStep(workers, shape.OutputRows, y.Elements / Math.Max(1, shape.OutputRows)
            * (long)shape.KernelHeight * shape.KernelWidth)
    {
        readonly AveragePoolF32.Function kernel = KernelRow.First(AveragePoolF32.Rows()).Function;

        protected override void Rows(int begin, int end) =>
            kernel(shape, x.AsSpan<float>(), y.AsSpan<float>(), lo, hi, begin, end);
    }

    sealed class IntegerStep<T>(
        Workers workers, PoolShape shape, TensorView x, TensorView y, int lo, int hi,
        KernelRow<AveragePoolInteger.Function<T>>[] rows)
        : RowsStep(workers, shape.OutputRows, y.Elements / Math.Max(1, shape.OutputRows)
            * (long)shape.KernelHeight * shape.KernelWidth)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        readonly AveragePoolInteger.Function<T> kernel = KernelRow.First(rows).Function;

        protected override void Rows(int begin, int end) =>
            kernel(shape, x.AsSpan<T>(), y.AsSpan<T>(), lo, hi, begin, end);
    }

    sealed class ToEvenStep<T>(
        Workers workers, PoolShape shape, TensorView x, TensorView y, AverageScales scales)
        : RowsStep(workers, shape.OutputRows, y.Elements / Math.Max(1, shape.OutputRows)
            * (long)shape.KernelHeight * shape.KernelWidth)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        protected override void Rows(int begin, int end) => AveragePoolToEven.Run(
            shape, x.AsSpan<T>(), y.AsSpan<T>(), scales, begin, end);
    }
}
