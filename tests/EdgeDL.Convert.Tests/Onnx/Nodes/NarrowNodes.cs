using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>ONNX Runtime's products with weights of 4 bits in blocks.</summary>
static class NarrowNodes
{
    const int Rows = 6;

    public static IEnumerable<SingleNode> All =>
    [
        .. Blocks(), .. Others(),
    ];

    static IEnumerable<SingleNode> Blocks()
    {
        foreach (int block in (int[])[16, 32, 64, 128, 256])
        {
            // Whole blocks, and a rest that is even, odd, and less than a block.
            foreach (int depth in (int[])[2 * block, (2 * block) + 10, (3 * block) - 5, block - 3])
            {
                foreach (int level in (int[])[0, 1, 4])
                {
                    string name = $"{depth} by {block} level {level}";
                    yield return Node(name, depth, block, level, isSigned: false).Out();
                    yield return WithZeros(
                        Node($"{name} zero points", depth, block, level, isSigned: true),
                        depth, block).None().Weights(Rows).Out();
                }
            }
        }
    }

    static IEnumerable<SingleNode> Others()
    {
        yield return Node("bias", 50, 32, 0, isSigned: false).None(2).Weights(Rows).Out();
        yield return Node("float zero points", 64, 32, 0, isSigned: false)
            .Constant(DataType.Float, [Rows * 2], [.. Enumerable.Range(0, Rows * 2)
                .Select(i => (i % 16) + (i % 3 * 0.25f))]).Out();
        yield return Node("columns in another order", 64, 32, 0, isSigned: false).None()
            .Constant(DataType.Int32, [64], [.. Enumerable.Range(0, 64).Select(k => k % 2)])
            .Out();
    }

    static SingleNode Node(string name, int depth, int block, int level, bool isSigned)
    {
        int blocks = (depth + block - 1) / block;
        return new SingleNode(name, "MatMulNBits", 17, SingleNode.Microsoft)
            .Set("K", (long)depth).Set("N", (long)Rows).Set("bits", 4L)
            .Set("block_size", (long)block).Set("accuracy_level", (long)level)
            .In(2, 3, depth).WeightsU8(Rows, blocks, block / 2)
            .Constant(DataType.Float, [Rows * blocks], [.. Enumerable.Range(0, Rows * blocks)
                .Select(i => (isSigned && i % 3 == 1 ? -1 : 1) * (0.01f + (i % 5 * 0.004f)))]);
    }

    static SingleNode WithZeros(SingleNode node, int depth, int block)
    {
        int blocks = (depth + block - 1) / block;
        return node.WeightsU8(Rows * ((blocks + 1) / 2));
    }
}
