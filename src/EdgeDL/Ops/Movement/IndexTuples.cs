using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Rows of int32 or int64 indices into the leading axes of a shape; negative ones count from the
/// end.
/// </summary>
readonly unsafe struct IndexTuples
{
    readonly string name;
    readonly TensorView index;
    readonly int[] extents;
    readonly long[] strides;

    /// <param name="name">The node, for errors.</param>
    /// <param name="index">Tuples along the last axis.</param>
    /// <param name="shape">What they index.</param>
    /// <param name="elementBytes">Bytes of one element of it.</param>
    public IndexTuples(string name, in TensorView index, in Shape shape, int elementBytes)
    {
        this.name = name;
        this.index = index;
        int depth = index.Shape.Rank == 0 ? 1 : index.Shape[-1];
        extents = shape.ToArray()[..depth];
        strides = MovementRules.Strides(shape, elementBytes)[..depth];
        Count = depth == 0 ? index.Shape.Product(0, index.Shape.Rank - 1) : index.Elements / depth;
    }

    /// <summary>How many tuples there are.</summary>
    public int Count { get; }

    /// <summary>The byte offset that tuple <paramref name="i"/> stands for.</summary>
    /// <exception cref="DataRangeException">It is outside of the shape.</exception>
    public long Offset(int i)
    {
        long offset = 0;
        for (int d = 0; d < extents.Length; d++)
        {
            long at = ((long)i * extents.Length) + d;
            long value = index.DType == DType.Int32
                ? index.Pointer<int>()[at]
                : index.Pointer<long>()[at];
            long wrapped = value < 0 ? value + extents[d] : value;
            if ((ulong)wrapped >= (ulong)extents[d])
            {
                DataRangeException.Throw(
                    name,
                    $"indices of axis {d} lie in [{-extents[d]}, {extents[d]})",
                    value);
            }

            offset += wrapped * strides[d];
        }

        return offset;
    }
}
