using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = ln Σ exp(x) over some axes, fp32, without overflow.</summary>
public sealed class ReduceLogSumExp(ReduceAxes axes) : Op, IOp<ReduceLogSumExp>
{
    public static OpCode Code => OpCode.ReduceLogSumExp;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceLogSumExp Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c)
    {
        Shape shape = axes.Infer(c);
        if (c.Input(0).DType != DType.Float32)
        {
            c.Fail($"takes Float32, gets {c.Input(0).DType}");
        }

        c.Scratch(4L * shape.Elements);
        c.SetOutput(0, DType.Float32, shape);
    }

    public override unsafe Step? Prepare(PrepareContext c) =>
        new LogSumExpStep(c, axes.Plan(c.Input(0).Shape), (float*)c.ScratchPointer);

    sealed unsafe class LogSumExpStep(PrepareContext c, ReducePlan plan, float* sums)
        : RowsStep(c.Workers, plan.Kept, (long)plan.Groups * plan.Run * 8)
    {
        readonly Reduction.Function<float, float> max =
            KernelRow.First(Reduction.Rows<float, MaxOf<float>>()).Function;

        readonly TensorView x = c.Input(0);
        readonly TensorView y = c.Output(0);

        protected override void Rows(int begin, int end)
        {
            max(plan, x.AsSpan<float>(), y.AsSpan<float>(), begin, end);
            LogSumExpF32.Run(
                plan, x.AsSpan<float>(), y.AsSpan<float>(), new(sums, plan.OutputLength),
                begin, end);
        }
    }
}
