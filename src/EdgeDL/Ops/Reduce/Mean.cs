using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Quant;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = Σ x / n over some axes: fp32; int32 and int64 truncated towards zero; int8 and uint8 as
/// rne((Σ x − n·zero_x) · (scale_x / scale_y / n) + zero_y), or where the output rounds to even
/// rne((Σ x − n·zero_x) · scale_x / (scale_y · n)) + zero_y with no other rounding; int16 in fixed
/// point. The mean of nothing is NaN, or 0 in integers.
/// </summary>
public sealed class Mean(ReduceAxes axes) : Op, IOp<Mean>
{
    public static OpCode Code => OpCode.Mean;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static Mean Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c)
    {
        Shape shape = axes.Infer(c);
        DType type = c.Input(0).DType;
        ReduceOps.Check(c, shape);
        if (type is DType.Int32 or DType.Int64)
        {
            c.Scratch(8L * shape.Elements);
        }

        c.SetOutput(0, type, shape);
    }

    public override unsafe Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        ReducePlan plan = axes.Plan(x.Shape);
        int count = Math.Max(plan.Reduced, 1);
        return x.DType switch
        {
            DType.Float32 => new ReduceStep<float, float, float, ScaleBy>(
                c, plan, Reduction.Rows<float, SumOf<float>>(), null, new(1f / plan.Reduced)),
            DType.Int32 => new ReduceStep<int, long, int, DivideBy<int>>(
                c, plan, Reduction.WideRows<int, long, WideSumOf<int, long>>(), c.ScratchPointer,
                new(count)),
            DType.Int64 => new ReduceStep<long, long, long, DivideBy<long>>(
                c, plan, Reduction.Rows<long, SumOf<long>>(), c.ScratchPointer, new(count)),
            DType.Int16 => Fixed(c, plan, count),
            _ => ReduceOps.Quantized(c, plan, count),
        };
    }

    // TensorFlow Lite folds 1/n into the multiplier, with as many bits as fit.
    static unsafe Step Fixed(PrepareContext c, ReducePlan plan, int count)
    {
        double real = (double)c.Input(0).Quant!.Scale / c.Output(0).Quant!.Scale;
        (int multiplier, int shift) = FixedPoint.QuantizeMultiplier(real);
        int extra = Math.Min(BitOperations.Log2((uint)count), 31 + shift);
        multiplier = (int)(((long)multiplier << extra) / count);
        return new ReduceStep<short, int, short, FixedRescale>(
            c, plan, Reduction.WideRows<short, int, WideSumOf<short, int>>(), c.ScratchPointer,
            new(multiplier, shift - extra));
    }
}
