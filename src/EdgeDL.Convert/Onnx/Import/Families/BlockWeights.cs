using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Weights of 4 bits in blocks, real = scale · (u − zero) with u and zero from 0 to 15, as Int4
/// constants [rows, depth] of ours.
/// </summary>
/// <param name="Rows">Outputs.</param>
/// <param name="Depth">Weights of an output.</param>
/// <param name="Block">Weights along a row that share a scale.</param>
sealed record BlockWeights(int Rows, int Depth, int Block)
{
    const int Middle = 8;
    const int Most = 15;

    public int Blocks => (Depth + Block - 1) / Block;

    /// <summary>Adds the constant; null where ours can't say these numbers.</summary>
    /// <param name="n">The node.</param>
    /// <param name="nibble">u, by row and place in the row.</param>
    /// <param name="zeros">One a block, row by row.</param>
    /// <param name="scales">One a block, row by row; negative ones turn the block round.</param>
    public int? Add(
        NodeImport n, Func<int, int, int> nibble, ReadOnlySpan<int> zeros,
        ReadOnlySpan<float> scales)
    {
        bool isSayable = (Block % 2 == 0 || Block >= Depth)
            && !zeros.ContainsAnyExceptInRange(0, Most);
        foreach (float scale in scales)
        {
            isSayable &= float.IsFinite(scale);
        }

        if (!isSayable)
        {
            return null;
        }

        var points = new int[scales.Length];
        var sizes = new float[scales.Length];
        for (int b = 0; b < points.Length; b++)
        {
            // s · (u − z) = −s · ((15 − u) − (15 − z)), and 0 · anything is 1 · (z − z).
            points[b] = (scales[b] < 0 ? Most - zeros[b] : zeros[b]) - Middle;
            sizes[b] = scales[b] == 0 ? 1 : MathF.Abs(scales[b]);
        }

        byte[] packed = Pack(nibble, points, scales);
        int[] all = Array.TrueForAll(points, p => p == points[0]) ? points[..1] : points;
        int even = Block % 2 == 0 ? Block : Block + 1;
        return n.Graph.Builder.Constant(
            $"{n.Name}/weights", DType.Int4, new Shape(Rows, Depth), Constant.Copy<byte>(packed),
            new Quantization(sizes, all, axis: 0, even));
    }

    byte[] Pack(Func<int, int, int> nibble, int[] points, ReadOnlySpan<float> scales)
    {
        var packed = new byte[(((long)Rows * Depth) + 1) / 2];
        for (int row = 0, i = 0; row < Rows; row++)
        {
            for (int k = 0; k < Depth; k++, i++)
            {
                int block = (row * Blocks) + (k / Block);
                float scale = scales[block];
                int q = scale == 0 ? points[block]
                    : (scale < 0 ? Most - nibble(row, k) : nibble(row, k)) - Middle;
                packed[i / 2] |= (byte)((q & Most) << (i % 2 * 4));
            }
        }

        return packed;
    }
}
