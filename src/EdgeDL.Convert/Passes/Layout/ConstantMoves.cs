using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>Constants in another order of axes.</summary>
static class ConstantMoves
{
    /// <summary>The bytes of a tensor of whole-byte elements, its axes permuted.</summary>
    public static Constant Transpose(Constant x, DType type, Shape shape, ReadOnlySpan<int> perm)
    {
        int size = type.Size();
        ReadOnlySpan<byte> from = x.Span;
        var to = new byte[shape.Elements * size];
        int rank = shape.Rank;
        var strides = new int[rank];
        for (int d = 0; d < rank; d++)
        {
            strides[d] = shape.Product(perm[d] + 1, rank);
        }

        Shape y = Permutation.Apply(perm, shape);
        Span<int> at = stackalloc int[Shape.MaxRank];
        at.Clear();
        int offset = 0;
        for (int i = 0; i < to.Length; i += size)
        {
            from.Slice(offset * size, size).CopyTo(to.AsSpan(i));
            for (int d = rank - 1; d >= 0; d--)
            {
                offset += strides[d];
                if (++at[d] < y[d])
                {
                    break;
                }

                offset -= at[d] * strides[d];
                at[d] = 0;
            }
        }

        return Constant.Copy<byte>(to);
    }
}
