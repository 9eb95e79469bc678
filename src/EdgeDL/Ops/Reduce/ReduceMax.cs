using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = max x over some axes, fp32 (NaN anywhere gives NaN) or integers, which keep their
/// quantization. Of nothing: the lowest number, −∞ in fp32.
/// </summary>
public sealed class ReduceMax(ReduceAxes axes) : Op, IOp<ReduceMax>
{
    public static OpCode Code => OpCode.ReduceMax;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceMax Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

    public override void Write(ref AttributeWriter a) => axes.Write(ref a);

    public override void Infer(InferContext c)
    {
        Shape shape = axes.Infer(c);
        DType type = c.Input(0).DType;
        if (type is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16
            or DType.Int32 or DType.Int64))
        {
            c.Fail($"takes Float32, Int8, UInt8, Int16, Int32 or Int64, gets {type}");
        }

        Quantizations.RequireSame(c);
        c.SetOutput(0, type, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        ReducePlan plan = axes.Plan(c.Input(0).Shape);
        return c.Input(0).DType switch
        {
            DType.Float32 => ReduceOps.Plain<float, MaxOf<float>>(c, plan),
            DType.Int8 => ReduceOps.Plain<sbyte, MaxOf<sbyte>>(c, plan),
            DType.UInt8 => ReduceOps.Plain<byte, MaxOf<byte>>(c, plan),
            DType.Int16 => ReduceOps.Plain<short, MaxOf<short>>(c, plan),
            DType.Int32 => ReduceOps.Plain<int, MaxOf<int>>(c, plan),
            _ => ReduceOps.Plain<long, MaxOf<long>>(c, plan),
        };
    }
}
