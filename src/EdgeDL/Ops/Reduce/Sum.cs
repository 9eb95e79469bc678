using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = Σ x over some axes: fp32, int32, int64 (wrapping), and int8, uint8, int16 with y = round((Σ
/// x − n·zero_x) · (scale_x / scale_y) + zero_y): halves to even, of int16 away from zero.
/// </summary>
public sealed class Sum(ReduceAxes axes) : Op, IOp<Sum>
{
    public static OpCode Code => OpCode.Sum;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static Sum Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c)
    {
        Shape shape = axes.Infer(c);
        ReduceOps.Check(c, shape);
        c.SetOutput(0, c.Input(0).DType, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        ReducePlan plan = axes.Plan(x.Shape);
        return x.DType switch
        {
            DType.Float32 => ReduceOps.Plain<float, SumOf<float>>(c, plan),
            DType.Int32 => ReduceOps.Plain<int, SumOf<int>>(c, plan),
            DType.Int64 => ReduceOps.Plain<long, SumOf<long>>(c, plan),
            _ => ReduceOps.Quantized(c, plan, 1),
        };
    }
}
