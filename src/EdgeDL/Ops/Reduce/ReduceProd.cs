using EdgeDL.Execution;
using EdgeDL.Kernels.Quant;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = Π x over some axes: fp32, int32, int64 (wrapping), and int8, uint8, int16 in fixed point,
/// where every factor is scaled by scale_x / ⁿ√scale_y.
/// </summary>
public sealed class ReduceProd(ReduceAxes axes) : Op, IOp<ReduceProd>
{
    public static OpCode Code => OpCode.ReduceProd;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceProd Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c)
    {
        Shape shape = axes.Infer(c);
        InferInput x = c.Input(0);
        switch (x.DType)
        {
            case DType.Float32 or DType.Int32 or DType.Int64:
                break;
            case DType.Int8 or DType.UInt8 or DType.Int16:
                Quantization from = Quantizations.Require(c, x.Quant, x.DType, "the input");
                Quantization to = Quantizations.Require(
                    c, c.OutputQuant(0), x.DType, "the output");
                double factor = Factor(from, to, Count(x.Shape, shape));
                if (!(factor < 1 << 14))
                {
                    c.Fail($"scales each factor by {factor}, at most {1 << 14} is possible");
                }

                c.Scratch(4L * shape.Elements);
                break;
            default:
                c.Fail($"takes Float32, Int8, UInt8, Int16, Int32 or Int64, gets {x.DType}");
                break;
        }

        c.SetOutput(0, x.DType, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        ReducePlan plan = axes.Plan(c.Input(0).Shape);
        return c.Input(0).DType switch
        {
            DType.Float32 => ReduceOps.Plain<float, ProductOf<float>>(c, plan),
            DType.Int32 => ReduceOps.Plain<int, ProductOf<int>>(c, plan),
            DType.Int64 => ReduceOps.Plain<long, ProductOf<long>>(c, plan),
            DType.Int8 => new FixedStep<sbyte>(c, plan),
            DType.UInt8 => new FixedStep<byte>(c, plan),
            _ => new FixedStep<short>(c, plan),
        };
    }

    static int Count(Shape x, Shape y) => Math.Max(1, x.Elements / Math.Max(1, y.Elements));

    static double Factor(Quantization from, Quantization to, int count) =>
        from.Scale / Math.Pow(to.Scale, 1.0 / count);

    sealed unsafe class FixedStep<T> : Step
        where T : unmanaged, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T>
    {
        readonly ReducePlan plan;
        readonly TensorView x;
        readonly TensorView y;
        readonly int* products;
        readonly int multiplier;
        readonly int shift;

        public FixedStep(PrepareContext c, ReducePlan plan)
        {
            this.plan = plan;
            x = c.Input(0);
            y = c.Output(0);
            products = (int*)c.ScratchPointer;
            (multiplier, shift) = FixedPoint.QuantizeMultiplier(
                Factor(x.Quant!, y.Quant!, Count(x.Shape, y.Shape)));
        }

        public override void Run() => ProductFixed.Run<T>(
            plan, x.AsSpan<T>(), x.Quant!.ZeroPoint, new(products, plan.OutputLength),
            multiplier, shift, y.Quant!.ZeroPoint, y.AsSpan<T>());
    }
}
