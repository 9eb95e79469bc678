using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite;

/// <summary>
/// Turns a sparse constant into a dense one. The layout is TACO's: the dimensions, and those of
/// an inner block, are walked in traversal order; each is dense, or lists its non-zero places as
/// a CSR matrix does.
/// </summary>
/// <remarks>TFLite schema.fbs, SparsityParameters; Kjolstad et al., OOPSLA 2017.</remarks>
sealed class SparseDecoder
{
    readonly string place;
    readonly TfliteSparsity sparsity;
    readonly ReadOnlyMemory<byte> values;
    readonly int elementBytes;
    readonly byte[] dense;
    readonly int[] order;
    readonly int[] levelExtent;
    readonly long[] levelStride;
    int nextValue;

    SparseDecoder(TfliteTensor tensor, int elementBytes, Shape shape)
    {
        place = $"sparse tensor '{tensor.Name}'";
        sparsity = tensor.Sparsity!;
        values = tensor.Data;
        this.elementBytes = elementBytes;
        order = sparsity.TraversalOrder;
        int levels = order.Length;
        int rank = shape.Rank;
        if (levels != sparsity.Dimensions.Length || levels != rank + sparsity.BlockMap.Length
            || sparsity.BlockMap.Length > rank)
        {
            throw Fail($"{levels} dimensions are walked, {sparsity.Dimensions.Length} described, "
                + $"{rank} + {sparsity.BlockMap.Length} expected");
        }

        levelExtent = new int[levels];
        levelStride = new long[levels];
        var seen = new bool[levels];
        for (int level = 0; level < levels; level++)
        {
            int d = order[level];
            if (d < 0 || d >= levels || seen[d])
            {
                throw Fail($"the traversal order [{string.Join(", ", order)}] is no permutation");
            }

            seen[d] = true;
        }

        SetExtents(shape);
        dense = new byte[(long)shape.Elements * elementBytes];
    }

    /// <summary>The dense bytes of a sparse tensor.</summary>
    /// <exception cref="InvalidModelException">The sparsity doesn't describe the shape.</exception>
    public static byte[] Decode(TfliteTensor tensor, Shape shape)
    {
        int size = tensor.DType.Size();
        if (size == 0)
        {
            throw Reject.Unsupported($"sparse tensor '{tensor.Name}'",
                $"its element type is {tensor.Type}", "export it dense");
        }

        // The dense form may be far larger than the file: a hostile shape must not decide that.
        const long MostBytesPerStored = 1 << 12;
        long most = (1L << 20) + MostBytesPerStored * tensor.Data.Length;
        if ((long)shape.Elements * size > most)
        {
            throw Reject.Model($"sparse tensor '{tensor.Name}'",
                $"{shape} from {tensor.Data.Length} "
                + "stored bytes is sparser than any real tensor");
        }

        var decoder = new SparseDecoder(tensor, size, shape);
        decoder.Walk(level: 0, segment: 0, at: 0);
        return decoder.dense;
    }

    void SetExtents(Shape shape)
    {
        int rank = shape.Rank;
        var blocks = new int[rank];
        Array.Fill(blocks, 1);
        for (int i = 0; i < sparsity.BlockMap.Length; i++)
        {
            int axis = sparsity.BlockMap[i];
            int level = Array.IndexOf(order, rank + i);
            int extent = sparsity.Dimensions[level].DenseSize;
            if (axis < 0 || axis >= rank || extent < 1 || blocks[axis] != 1
                || shape[axis] % extent != 0)
            {
                throw Fail(
                    $"block dimension {i} of {extent} does not divide axis {axis} of {shape}");
            }

            blocks[axis] = extent;
        }

        for (int level = 0; level < order.Length; level++)
        {
            int d = order[level];
            int axis = d < rank ? d : sparsity.BlockMap[d - rank];
            long stride = shape.Product(axis + 1, rank);
            levelExtent[level] = d < rank ? shape[axis] / blocks[axis] : blocks[axis];
            levelStride[level] = d < rank ? stride * blocks[axis] : stride;
            TfliteSparseDimension dimension = sparsity.Dimensions[level];
            if (!dimension.IsSparse && dimension.DenseSize != levelExtent[level])
            {
                throw Fail($"dimension {level} has {dimension.DenseSize} places, the shape gives "
                    + $"{levelExtent[level]}");
            }
        }
    }

    void Walk(int level, long segment, long at)
    {
        if (level == order.Length)
        {
            Take(at);
            return;
        }

        TfliteSparseDimension dimension = sparsity.Dimensions[level];
        int extent = levelExtent[level];
        if (!dimension.IsSparse)
        {
            for (int i = 0; i < extent; i++)
            {
                Walk(level + 1, segment * extent + i, at + i * levelStride[level]);
            }

            return;
        }

        int[] segments = dimension.Segments;
        if (segment + 1 >= segments.Length)
        {
            throw Fail(
                $"dimension {level} has {segments.Length} segment ends, {segment + 2} are needed");
        }

        int begin = segments[segment];
        int end = segments[segment + 1];
        if (begin < 0 || end < begin || end > dimension.Indices.Length)
        {
            throw Fail($"segment {segment} of dimension {level} is {begin} to {end} of "
                + $"{dimension.Indices.Length} indices");
        }

        for (int i = begin; i < end; i++)
        {
            int index = dimension.Indices[i];
            if (index < 0 || index >= extent || (i > begin && index <= dimension.Indices[i - 1]))
            {
                throw Fail(
                    $"index {index} of dimension {level} is not in rising order below {extent}");
            }

            Walk(level + 1, i, at + index * levelStride[level]);
        }
    }

    void Take(long at)
    {
        if (nextValue + elementBytes > values.Length)
        {
            throw Fail($"has {values.Length} bytes of values, more are placed");
        }

        values.Span.Slice(nextValue, elementBytes).CopyTo(dense.AsSpan((int)(at * elementBytes)));
        nextValue += elementBytes;
    }

    InvalidModelException Fail(string finding) => Reject.Model(place, finding);
}
