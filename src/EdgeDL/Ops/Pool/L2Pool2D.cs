using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Pool;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = clamp(√(mean of x² over a window)), NHWC, fp32.</summary>
public sealed class L2Pool2D(PoolWindow2D window, Activation activation) : Op, IOp<L2Pool2D>
{
    public static OpCode Code => OpCode.L2Pool2D;

    public override OpCode OpCode => Code;

    public PoolWindow2D Window => window;

    public Activation Activation => activation;

    public static L2Pool2D Read(ref AttributeReader a) =>
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
        if (c.Input(0).DType != DType.Float32)
        {
            c.Fail($"takes Float32, gets {c.Input(0).DType}");
        }
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        (float lo, float hi) = activation.Range();
        return new PoolStep(c.Workers, window.Bind(x.Shape, y.Shape), x, y, lo, hi);
    }

    sealed class PoolStep(
        Workers workers, PoolShape shape, TensorView x, TensorView y, float lo, float hi)
        : RowsStep(workers, shape.OutputRows, y.Elements / Math.Max(1, shape.OutputRows)
            * (long)shape.KernelHeight * shape.KernelWidth)
    {
        readonly L2PoolF32.Function kernel = KernelRow.First(L2PoolF32.Rows()).Function;

        protected override void Rows(int begin, int end) =>
            kernel(shape, x.AsSpan<float>(), y.AsSpan<float>(), lo, hi, begin, end);
    }
}
