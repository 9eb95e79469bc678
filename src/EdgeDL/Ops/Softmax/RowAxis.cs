using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>One axis of a tensor as rows: [outer, length, inner].</summary>
readonly record struct RowAxis(int Outer, int Length, int Inner)
{
    public int Rows => Outer * Inner;

    public static RowAxis Of(Shape shape, int axis) => new(
        shape.Product(0, axis), shape[axis], shape.Product(axis + 1, shape.Rank));

    /// <summary>
    /// Throws unless <paramref name="axis"/> is one of the input's, counted from 0.
    /// </summary>
    public static void Check(InferContext c, Shape shape, int axis)
    {
        if (axis < 0 || axis >= shape.Rank)
        {
            c.Fail($"runs along axis {axis} of {shape}");
        }
    }

    /// <summary>row[k] = x[outer, k, inner] of row number <paramref name="row"/>.</summary>
    public void Gather<T>(ReadOnlySpan<T> x, int row, Span<T> to)
    {
        int at = row / Inner * Length * Inner + row % Inner;
        for (int k = 0; k < Length; k++, at += Inner)
        {
            to[k] = x[at];
        }
    }

    /// <summary>y[outer, k, inner] = row[k].</summary>
    public void Scatter<T>(ReadOnlySpan<T> from, int row, Span<T> y)
    {
        int at = row / Inner * Length * Inner + row % Inner;
        for (int k = 0; k < Length; k++, at += Inner)
        {
            y[at] = from[k];
        }
    }
}
