using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Products with weights of few bits, packed in blocks: com.microsoft MatMulNBits. Inputs: A, B
/// [N, blocks, bytes], scales [N, blocks], zero points (packed, or in A's type), the block of each
/// column where weights were quantized in another order, a bias.
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

        if (!n.Graph.Model.Budget.TryTake((long)rows * depth * sizeof(float)))
        {
            throw n.Unsupported($"its {(long)rows * depth} weights are too many",
                "export a smaller model");
        }

        var shape = new BlockWeights(rows, depth, block);
        int x = n.Input(0);
        int bias = n.Has(5) ? n.Reshape(n.Input(5), rows) : -1;
        (byte[] packed, float[] scales, float[] zeros) = Operands(n, bits, shape);
        int[] blocks = Places(n, shape, out bool inOrder);
        if (bits == 4 && inOrder && Whole(zeros) is { } points
            && shape.Add(n, (r, k) => Weight(packed, shape, bits, r, k), points, scales)
                is { } narrow)
        {
            // Level 4 allows activations in int8; the others are at least fp16.
            var block4 = new BlockFullyConnected(
                n.Int("accuracy_level", 0) == 4 ? BlockInputs.Int8 : BlockInputs.Float,
                Activation.None);
            n.SetOutput(0, n.Add(block4, "product", Inputs(x, narrow, bias)));
            return;
        }

        var wide = new float[rows * depth];
        for (int i = 0; i < wide.Length; i++)
        {
            (int row, int k) = Math.DivRem(i, depth);
            int at = (row * shape.Blocks) + blocks[k];
            wide[i] = (Weight(packed, shape, bits, row, k) - zeros[at]) * scales[at];
        }

        int weights = n.Constant<float>(
            "weights", TensorData.ShapeOf([rows, depth], n.Place), wide);
        var layer = new FullyConnected(true, Activation.None);
        n.SetOutput(0, n.Add(layer, "product", Inputs(x, weights, bias)));
    }

    // The block whose scale each column has.
    static int[] Places(NodeImport n, BlockWeights shape, out bool inOrder)
    {
        int[] usual = [.. Enumerable.Range(0, shape.Depth).Select(k => k / shape.Block)];
        int[] given = n.Has(4) ? n.Ints(4, "blocks of columns") : usual;
        if (given.Length < shape.Depth
            || Array.Exists(given, b => b < 0 || b >= shape.Blocks))
        {
            throw n.Fail($"its {given.Length} columns name blocks beyond {shape.Blocks}");
        }

        inOrder = given.AsSpan(0, shape.Depth).SequenceEqual(usual);
        return given;
    }

    static int[] Inputs(int x, int weights, int bias) =>
        bias < 0 ? [x, weights] : [x, weights, bias];

    static (byte[] Packed, float[] Scales, float[] Zeros) Operands(
        NodeImport n, int bits, BlockWeights shape)
    {
        long blockBytes = (long)shape.Block * bits / 8;
        byte[] packed = Bytes(n, 1, (long)shape.Rows * shape.Blocks * blockBytes).ToArray();
        float[] scales = n.Floats(2, "scales");
        if (scales.Length != (long)shape.Rows * shape.Blocks)
        {
            throw n.Fail($"it has {scales.Length} scales for {shape.Rows} rows of "
                + $"{shape.Blocks} blocks");
        }

        return (packed, scales, Zeros(n, bits, shape.Rows, shape.Blocks));
    }

    static int Weight(ReadOnlySpan<byte> packed, BlockWeights shape, int bits, int row, int k)
    {
        int at = (row * shape.Blocks) + (k / shape.Block);
        return Field(packed[(int)((long)at * shape.Block * bits / 8)..], k % shape.Block, bits);
    }

    // Zero points may be given as floats; only whole ones are numbers of 4 bits.
    static int[]? Whole(float[] zeros) =>
        Array.TrueForAll(zeros, z => z is >= 0 and <= 15 && z == MathF.Truncate(z))
            ? [.. zeros.Select(z => (int)z)]
            : null;

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
