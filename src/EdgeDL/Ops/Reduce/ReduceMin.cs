using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = min x over some axes, fp32 (NaN anywhere gives NaN) or integers, which keep their
/// quantization. Of nothing: the highest number, +∞ in fp32.
/// </summary>
public sealed class ReduceMin(ReduceAxes axes) : Op, IOp<ReduceMin>
{
    public static OpCode Code => OpCode.ReduceMin;

    public override OpCode OpCode => Code;

    public ReduceAxes Axes => axes;

    public static ReduceMin Read(ref AttributeReader a) => new(ReduceAxes.Read(ref a));

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
            DType.Float32 => ReduceOps.Plain<float, MinOf<float>>(c, plan),
            DType.Int8 => ReduceOps.Plain<sbyte, MinOf<sbyte>>(c, plan),
            DType.UInt8 => ReduceOps.Plain<byte, MinOf<byte>>(c, plan),
            DType.Int16 => ReduceOps.Plain<short, MinOf<short>>(c, plan),
            DType.Int32 => ReduceOps.Plain<int, MinOf<int>>(c, plan),
            _ => ReduceOps.Plain<long, MinOf<long>>(c, plan),
        };
    }
}
