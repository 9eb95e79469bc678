using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Pool;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = clamp(max of x over a window), NHWC, fp32 or integers; NaN in a window gives NaN. Input and
/// output share their quantization.
/// </summary>
public sealed class MaxPool2D(PoolWindow2D window, Activation activation) : Op, IOp<MaxPool2D>
{
    public static OpCode Code => OpCode.MaxPool2D;

    public override OpCode OpCode => Code;

    public PoolWindow2D Window => window;

    public Activation Activation => activation;

    public static MaxPool2D Read(ref AttributeReader a) =>
        new(PoolWindow2D.Read(ref a), (Activation)a.Enum(Activations.Count));

    public override void Write(ref AttributeWriter a)
    {
        window.Write(ref a);
        a.Byte((byte)activation);
    }

    public override void Infer(InferContext c)
    {
        window.Infer(c);
        Quantizations.RequireSame(c);
        DType type = c.Input(0).DType;
        if (type is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16))
        {
            c.Fail($"takes Float32, Int8, UInt8 or Int16, gets {type}");
        }
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView y = c.Output(0);
        (float low, float high) = activation.Range();
        (int lo, int hi) = activation.Range(y.DType, y.Quant);
        return y.DType switch
        {
            DType.Float32 => Step(c, low, high),
            DType.Int8 => Step(c, (sbyte)lo, (sbyte)hi),
            DType.UInt8 => Step(c, (byte)lo, (byte)hi),
            _ => Step(c, (short)lo, (short)hi),
        };
    }

    PoolStep<T> Step<T>(PrepareContext c, T lo, T hi)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        return new PoolStep<T>(c.Workers, window.Bind(x.Shape, y.Shape), x, y, lo, hi);
    }

    sealed class PoolStep<T>(
        Workers workers, PoolShape shape, TensorView x, TensorView y, T lo, T hi)
        : RowsStep(workers, shape.OutputRows, y.Elements / Math.Max(1, shape.OutputRows)
            * (long)shape.KernelHeight * shape.KernelWidth)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        readonly MaxPool.Function<T> kernel = KernelRow.First(MaxPool.Rows<T>()).Function;

        protected override void Rows(int begin, int end) =>
            kernel(shape, x.AsSpan<T>(), y.AsSpan<T>(), lo, hi, begin, end);
    }
}
