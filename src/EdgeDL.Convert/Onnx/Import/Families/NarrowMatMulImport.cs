using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Products with weights of few bits, packed in blocks: com.microsoft MatMulNBits. Inputs: A, B
/// [N, blocks, bytes], scales [N, blocks], zero points (packed, or in A's type), the block of each
/// column (not supported), a bias.
/// </summary>
static class NarrowMatMulImport
{
    public static void Import(NodeImport n)
    {
        int bits = n.Int("bits", 4);
        int rows = n.Int("N", 0);
        int depth = n.Int("K", 0);
        int block = n.Int("block_size", 32);
        if (bits is not (2 or 4 or 8) || rows < 1 || depth < 1 || block < 16
            || n.ShapeOf(0).Rank == 0 || n.ShapeOf(0)[-1] != depth)
        {
            throw n.Fail($"it multiplies {n.ShapeOf(0)} by {rows} rows of {depth} weights of "
                + $"{bits} bits in blocks of {block}");
        }

        if (n.Has(4))
        {
            throw n.Unsupported("its columns are permuted (g_idx)",
                "quantize without activation order");
        }

        if (!n.Graph.Model.Budget.TryTake((long)rows * depth * sizeof(float)))
        {
            throw n.Unsupported($"its {(long)rows * depth} weights are too many",
                "export a smaller model");
        }

        int weights = n.Constant<float>(
            "weights", TensorData.ShapeOf([rows, depth], n.Place),
            Weights(n, bits, rows, depth, block));
        int x = n.Input(0);
        var layer = new FullyConnected(true, Activation.None);
        n.SetOutput(0, n.Has(5)
            ? n.Add(layer, "product", x, weights, n.Reshape(n.Input(5), rows))
            : n.Add(layer, "product", x, weights));
    }

    static float[] Weights(NodeImport n, int bits, int rows, int depth, int block)
    {
        int blocks = (depth + block - 1) / block;
        long blockBytes = (long)block * bits / 8;
        ReadOnlySpan<byte> packed = Bytes(n, 1, rows * blocks * blockBytes);
        float[] scales = n.Floats(2, "scales");
        if (scales.Length != (long)rows * blocks)
        {
            throw n.Fail($"it has {scales.Length} scales for {rows} rows of {blocks} blocks");
        }

        float[] zeros = Zeros(n, bits, rows, blocks);
        var weights = new float[rows * depth];
        for (int i = 0; i < weights.Length; i++)
        {
            (int row, int k) = Math.DivRem(i, depth);
            int at = (row * blocks) + (k / block);
            int q = Field(packed[(int)(at * blockBytes)..], k % block, bits);
            weights[i] = (q - zeros[at]) * scales[at];
        }

        return weights;
    }

    // The first number is in the low bits.
    static int Field(ReadOnlySpan<byte> bytes, int i, int bits) =>
        (bytes[i * bits / 8] >> (i * bits % 8)) & ((1 << bits) - 1);

    static float[] Zeros(NodeImport n, int bits, int rows, int blocks)
    {
        var zeros = new float[rows * blocks];
        Array.Fill(zeros, 1 << (bits - 1));
        if (!n.Has(3))
        {
            return zeros;
        }

        if (n.In(3).DType == DType.Float32)
        {
            float[] given = n.Floats(3, "zero points");
            return given.Length == zeros.Length
                ? given
                : throw n.Fail($"it has {given.Length} zero points, {zeros.Length} are needed");
        }

        // Rows begin at whole bytes.
        int rowBytes = ((blocks * bits) + 7) / 8;
        ReadOnlySpan<byte> packed = Bytes(n, 3, (long)rows * rowBytes);
        for (int i = 0; i < zeros.Length; i++)
        {
            (int row, int k) = Math.DivRem(i, blocks);
            zeros[i] = Field(packed[(row * rowBytes)..], k, bits);
        }

        return zeros;
    }

    static ReadOnlySpan<byte> Bytes(NodeImport n, int i, long count)
    {
        if (n.In(i).DType != DType.UInt8 || n.ShapeOf(i).Elements != count
            || n.Known(i) is not { } constant)
        {
            throw n.Fail($"input {i} is {n.In(i).DType} {n.ShapeOf(i)}, not {count} constant "
                + "bytes");
        }

        return constant.Span[..(int)count];
    }
}
