using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = the first index of the largest x along one axis, as Int32 or Int64. NaN is chosen only where
/// it stands first.
/// </summary>
public sealed class ArgMax(int axis, bool keepDims, DType indexType) : Op, IOp<ArgMax>
{
    public static OpCode Code => OpCode.ArgMax;

    public override OpCode OpCode => Code;

    public int Axis => axis;

    public bool KeepDims => keepDims;

    public DType IndexType => indexType;

    public static ArgMax Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Bool(), (DType)a.Byte());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Bool(keepDims);
        a.Byte((byte)indexType);
    }

    public override void Infer(InferContext c) => ArgOps.Infer(c, axis, keepDims, indexType);

    public override Step? Prepare(PrepareContext c) => ArgOps.Prepare<LargestFirst>(c, axis);
}
