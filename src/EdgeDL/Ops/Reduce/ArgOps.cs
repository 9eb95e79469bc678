using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What <see cref="ArgMax"/> and <see cref="ArgMin"/> share.</summary>
static class ArgOps
{
    public static void Infer(InferContext c, int axis, bool keepDims, DType indexType)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        RowAxis.Check(c, x.Shape, axis);
        if (indexType is not (DType.Int32 or DType.Int64))
        {
            c.Fail($"gives Int32 or Int64, the model says {indexType}");
        }

        if (x.DType is not (DType.Float32 or (>= DType.Int8 and <= DType.UInt64)))
        {
            c.Fail($"takes Float32 or integers, gets {x.DType}");
        }

        if (x.Shape[axis] == 0)
        {
            c.Fail($"chooses from nothing along axis {axis} of {x.Shape}");
        }

        Span<int> dims = stackalloc int[Shape.MaxRank];
        int rank = 0;
        for (int i = 0; i < x.Shape.Rank; i++)
        {
            if (i != axis || keepDims)
            {
                dims[rank++] = i == axis ? 1 : x.Shape[i];
            }
        }

        c.SetOutput(0, indexType, new Shape(dims[..rank]));
    }

    public static Step Prepare<TOrder>(PrepareContext c, int axis)
        where TOrder : struct, IArgOrder => c.Input(0).DType switch
    {
        DType.Float32 => Of<float, TOrder>(c, axis),
        DType.Int8 => Of<sbyte, TOrder>(c, axis),
        DType.UInt8 => Of<byte, TOrder>(c, axis),
        DType.Int16 => Of<short, TOrder>(c, axis),
        DType.UInt16 => Of<ushort, TOrder>(c, axis),
        DType.Int32 => Of<int, TOrder>(c, axis),
        DType.UInt32 => Of<uint, TOrder>(c, axis),
        DType.Int64 => Of<long, TOrder>(c, axis),
        _ => Of<ulong, TOrder>(c, axis),
    };

    static Step Of<T, TOrder>(PrepareContext c, int axis)
        where T : unmanaged, INumber<T>
        where TOrder : struct, IArgOrder =>
        c.Output(0).DType == DType.Int32
            ? new ArgStep<T, int, TOrder>(c.Input(0), c.Output(0), axis)
            : new ArgStep<T, long, TOrder>(c.Input(0), c.Output(0), axis);

    sealed class ArgStep<T, TIndex, TOrder>(TensorView x, TensorView y, int axis) : Step
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TOrder : struct, IArgOrder
    {
        readonly RowAxis rows = RowAxis.Of(x.Shape, axis);

        public override void Run() =>
            TOrder.Choose<T, TIndex>(x.AsSpan<T>(), y.AsSpan<TIndex>(), rows);
    }
}

/// <summary>Which element of a row is chosen.</summary>
interface IArgOrder
{
    static abstract void Choose<T, TIndex>(ReadOnlySpan<T> x, Span<TIndex> y, RowAxis rows)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>;
}

readonly struct LargestFirst : IArgOrder
{
    public static void Choose<T, TIndex>(ReadOnlySpan<T> x, Span<TIndex> y, RowAxis rows)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex> =>
        ArgReduction.Largest(x, y, rows.Outer, rows.Length, rows.Inner);
}

readonly struct SmallestFirst : IArgOrder
{
    public static void Choose<T, TIndex>(ReadOnlySpan<T> x, Span<TIndex> y, RowAxis rows)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex> =>
        ArgReduction.Smallest(x, y, rows.Outer, rows.Length, rows.Inner);
}
