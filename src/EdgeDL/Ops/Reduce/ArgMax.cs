using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
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

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        var rows = RowAxis.Of(x.Shape, axis);
        return x.DType switch
        {
            DType.Float32 => Of<float>(c, rows),
            DType.Int8 => Of<sbyte>(c, rows),
            DType.UInt8 => Of<byte>(c, rows),
            DType.Int16 => Of<short>(c, rows),
            DType.UInt16 => Of<ushort>(c, rows),
            DType.Int32 => Of<int>(c, rows),
            DType.UInt32 => Of<uint>(c, rows),
            DType.Int64 => Of<long>(c, rows),
            _ => Of<ulong>(c, rows),
        };
    }

    Step Of<T>(PrepareContext c, RowAxis rows)
        where T : unmanaged, INumber<T> =>
        indexType == DType.Int32
            ? new ArgStep<T, int>(c.Input(0), c.Output(0), rows)
            : new ArgStep<T, long>(c.Input(0), c.Output(0), rows);

    sealed class ArgStep<T, TIndex>(TensorView x, TensorView y, RowAxis rows) : Step
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        public override void Run() => ArgReduction.Largest(
            (ReadOnlySpan<T>)x.AsSpan<T>(), y.AsSpan<TIndex>(),
            rows.Outer, rows.Length, rows.Inner);
    }
}
