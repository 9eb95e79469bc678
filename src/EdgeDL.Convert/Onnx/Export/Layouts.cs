using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>From [N, …, C], as EdgeDL computes, to [N, C, …], as ONNX does, and back.</summary>
static class Layouts
{
    /// <summary>Where each axis of the channels-first tensor comes from.</summary>
    public static int[] ToFirst(int rank) =>
        [0, rank - 1, .. Enumerable.Range(1, rank - 2)];

    /// <summary>Where each axis of the channels-last tensor comes from.</summary>
    public static int[] ToLast(int rank) =>
        [0, .. Enumerable.Range(2, rank - 2), 1];

    /// <summary>The place of a channels-last axis in the channels-first tensor.</summary>
    public static int FirstAxis(int axis, int rank) =>
        axis == 0 ? 0 : axis == rank - 1 ? 1 : axis + 1;

    public static int[] FirstAxes(ReadOnlySpan<int> axes, int rank)
    {
        int[] mapped = new int[axes.Length];
        for (int i = 0; i < mapped.Length; i++)
        {
            mapped[i] = FirstAxis(axes[i] < 0 ? axes[i] + rank : axes[i], rank);
        }

        return mapped;
    }

    public static Shape Permute(in Shape shape, ReadOnlySpan<int> perm)
    {
        Span<int> dims = stackalloc int[Shape.MaxRank];
        for (int d = 0; d < perm.Length; d++)
        {
            dims[d] = shape[perm[d]];
        }

        return new Shape(dims[..perm.Length]);
    }

    public static int[] Permute(ReadOnlySpan<int> list, ReadOnlySpan<int> perm)
    {
        int[] permuted = new int[perm.Length];
        for (int d = 0; d < perm.Length; d++)
        {
            permuted[d] = list[perm[d]];
        }

        return permuted;
    }

    /// <summary>True if a transposition changes no element's place in memory.</summary>
    public static bool KeepsOrder(in Shape shape, ReadOnlySpan<int> perm)
    {
        int last = -1;
        foreach (int axis in perm)
        {
            if (shape[axis] == 1)
            {
                continue;
            }

            if (axis < last)
            {
                return false;
            }

            last = axis;
        }

        return true;
    }

    /// <summary>The bytes of a constant, transposed.</summary>
    public static byte[] Permute(
        ReadOnlySpan<byte> bytes, int elementBytes, in Shape shape, ReadOnlySpan<int> perm)
    {
        Shape result = Permute(shape, perm);
        var to = new byte[(long)result.Elements * elementBytes];
        Span<int> stride = stackalloc int[Shape.MaxRank];
        for (int d = 0; d < perm.Length; d++)
        {
            stride[d] = shape.Product(perm[d] + 1, shape.Rank) * elementBytes;
        }

        Span<int> at = stackalloc int[Shape.MaxRank];
        at.Clear();
        int from = 0;
        for (int i = 0; i < to.Length; i += elementBytes)
        {
            bytes.Slice(from, elementBytes).CopyTo(to.AsSpan(i));
            for (int d = perm.Length - 1; d >= 0; d--)
            {
                from += stride[d];
                if (++at[d] < result[d])
                {
                    break;
                }

                from -= stride[d] * result[d];
                at[d] = 0;
            }
        }

        return to;
    }
}
