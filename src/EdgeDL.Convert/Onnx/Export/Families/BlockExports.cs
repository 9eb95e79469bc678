using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>
/// Int4 weights in blocks as ONNX Runtime's MatMulNBits; as reals where its blocks are others.
/// </summary>
static class BlockExports
{
    const int LeastBlock = 16;
    const int Middle = 8;

    public static void Register(Dictionary<OpCode, ExportNode> table) =>
        table[OpCode.BlockFullyConnected] = FullyConnected;

    static void FullyConnected(NodeExport n)
    {
        var op = n.Op<BlockFullyConnected>();
        int block = n.In(1).Quant!.BlockSize;
        bool fits = block >= LeastBlock && int.IsPow2(block);
        if (!fits && op.Inputs == BlockInputs.Int8)
        {
            throw new NoEquivalentException(
                $"activations in int8 by weights in blocks of {block}: MatMulNBits takes powers "
                    + "of 2 from 16 on");
        }

        OnnxTensor y = fits ? Narrow(n, op.Inputs, block) : Wide(n);
        n.Give(0, n.Activated(y, op.Activation));
    }

    static OnnxTensor Wide(NodeExport n)
    {
        OnnxTensor w = n.Scope.Permuted(n.Node.Inputs[1], [1, 0]);
        OnnxTensor y = n.Add("MatMul", DType.Float32, n.Out(0).Shape, [n.Real(0), w]);
        return n.Has(2) ? n.Binary("Add", y, Bias(n)) : y;
    }

    static OnnxTensor Narrow(NodeExport n, BlockInputs inputs, int block)
    {
        Value w = n.In(1);
        (int rows, int depth) = (w.Shape[0], w.Shape[1]);
        int blocks = (depth + block - 1) / block;
        OnnxTensor weights = n.Constant<byte>(
            "weights", new Shape(rows, blocks, block / 2), Nibbles(w, blocks));
        OnnxTensor scales = n.Constant<float>(
            "scales", new Shape(rows * blocks), w.Quant!.Scales);
        OnnxTensor? zeros = w.Quant.ZeroPoints.ContainsAnyExcept(0)
            ? n.Constant<byte>(
                "zero_points", new Shape(rows * ((blocks + 1) / 2)), Zeros(w.Quant, rows, blocks))
            : null;
        return n.AddOwn("MatMulNBits", DType.Float32, n.Out(0).Shape,
            [n.Real(0), weights, scales, zeros, null, n.Has(2) ? Bias(n) : null],
            Attribute.Of("K", depth), Attribute.Of("N", rows), Attribute.Of("bits", 4),
            Attribute.Of("block_size", block),
            Attribute.Of("accuracy_level", inputs == BlockInputs.Int8 ? 4 : 1));
    }

    static OnnxTensor Bias(NodeExport n) => n.Reshape(n.Real(2), new Shape(n.In(1).Shape[0]));

    // Rows of whole blocks; what is behind a row's end is never multiplied by anything but 0.
    static byte[] Nibbles(Value w, int blocks)
    {
        (int rows, int depth, int block) = (w.Shape[0], w.Shape[1], w.Quant!.BlockSize);
        long[] q = Constants.Longs(w);
        var bytes = new byte[(long)rows * blocks * block / 2];
        bytes.AsSpan().Fill((Middle << 4) | Middle);
        for (int i = 0; i < q.Length; i++)
        {
            long at = ((long)(i / depth) * blocks * block) + (i % depth);
            int shift = (int)(at % 2 * 4);
            bytes[at / 2] = (byte)((bytes[at / 2] & ~(15 << shift))
                | ((int)(q[i] + Middle) << shift));
        }

        return bytes;
    }

    // Rows begin at whole bytes.
    static byte[] Zeros(Quantization quant, int rows, int blocks)
    {
        var bytes = new byte[rows * ((blocks + 1) / 2)];
        for (int i = 0; i < rows * blocks; i++)
        {
            (int row, int b) = Math.DivRem(i, blocks);
            bytes[(row * ((blocks + 1) / 2)) + (b / 2)] |=
                (byte)((quant.ZeroPointOf(i) + Middle) << (b % 2 * 4));
        }

        return bytes;
    }
}
