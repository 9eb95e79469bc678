using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = the first index of the smallest x along one axis, as Int32 or Int64. NaN is chosen only
/// where it stands first.
/// </summary>
public sealed class ArgMin(int axis, bool keepDims, DType indexType) : Op, IOp<ArgMin>
{
    public static OpCode Code => OpCode.ArgMin;

    public override OpCode OpCode => Code;

    public int Axis => axis;

    public bool KeepDims => keepDims;

    public DType IndexType => indexType;

    public static ArgMin Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Bool(), (DType)a.Byte());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Bool(keepDims);
        a.Byte((byte)indexType);
    }

    public override void Infer(InferContext c) => ArgOps.Infer(c, axis, keepDims, indexType);

    public override Step? Prepare(PrepareContext c) => ArgOps.Prepare<SmallestFirst>(c, axis);
}
