using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Where each element of an index tensor points in a tensor of the same rank: at its own
/// coordinates, but along one axis at the index it holds, which counts from the end if negative.
/// </summary>
readonly unsafe struct ElementIndex
{
    readonly string name;
    readonly TensorView index;
    readonly int axis;
    readonly int extent;
    readonly long[] strides;

    public ElementIndex(string name, in TensorView index, in Shape whole, int axis)
    {
        this.name = name;
        this.index = index;
        this.axis = axis;
        extent = whole[axis];
        strides = MovementRules.Strides(whole, 1);
    }

    /// <summary>Rejects an index tensor that reaches beyond the other axes.</summary>
    public static void Check(InferContext c, in Shape whole, int input, int axis)
    {
        Shape index = MovementRules.Index(c, input).Shape;
        MovementRules.Axis(c, axis, whole.Rank);
        bool fits = index.Rank == whole.Rank;
        for (int d = 0; fits && d < whole.Rank; d++)
        {
            fits = d == axis || index[d] <= whole[d];
        }

        if (!fits)
        {
            c.Fail($"indices {index} along axis {axis} don't fit {whole}");
        }
    }

    /// <summary>The place of the first element of row <paramref name="row"/> along the last axis,
    /// as if it held 0.</summary>
    public long Row(int row)
    {
        long offset = 0;
        for (int d = strides.Length - 2; d >= 0; d--)
        {
            int extent = index.Shape[d];
            offset += d == axis ? 0 : row % extent * strides[d];
            row /= extent;
        }

        return offset;
    }

    /// <summary>From the row's place to that of its element <paramref name="k"/>.</summary>
    public long Step(int row, int length, int k)
    {
        long at = ((long)row * length) + k;
        long value = index.DType == DType.Int32
            ? index.Pointer<int>()[at]
            : index.Pointer<long>()[at];
        long wrapped = value < 0 ? value + extent : value;
        if ((ulong)wrapped >= (ulong)extent)
        {
            DataRangeException.Throw(name, $"indices lie in [{-extent}, {extent})", value);
        }

        return (wrapped * strides[axis]) + (axis == strides.Length - 1 ? 0 : k);
    }
}
