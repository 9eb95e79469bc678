using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Products of matrices of any rank, Einstein's sums, attention.</summary>
static class MatrixNodes
{
    public static IEnumerable<SingleNode> All =>
        [.. Sums(), .. Products(), .. Layers(), .. Attention()];

    static IEnumerable<SingleNode> Sums()
    {
        (string Equation, long[][] Shapes)[] sums =
        [
            ("ij,jk->ik", [[3, 4], [4, 5]]),
            ("bij,bjk->bik", [[2, 3, 4], [2, 4, 5]]),
            ("...ij,...jk->...ik", [[2, 3, 3, 4], [2, 3, 4, 5]]),
            ("ii->i", [[4, 4]]),
            ("ii", [[4, 4]]),
            ("i,j->ij", [[3], [4]]),
            ("bqhd,bkhd->bhqk", [[2, 4, 3, 5], [2, 6, 3, 5]]),
            ("ij,ij->", [[3, 4], [3, 4]]),
            ("abc,cd,de->abe", [[2, 3, 4], [4, 5], [5, 6]]),
            ("ij,jk", [[3, 4], [4, 5]]),
            ("...i->...", [[2, 3, 4]]),
            ("iij->ij", [[3, 3, 2]]),
            ("ab,cd->dacb", [[2, 3], [4, 5]]),
            ("nchw,nkhw->nck", [[2, 3, 4, 5], [2, 6, 4, 5]]),
            ("bij,bij->bj", [[2, 3, 4], [2, 3, 4]]),
        ];
        foreach ((string equation, long[][] shapes) in sums)
        {
            yield return shapes.Aggregate(
                new SingleNode(equation, "Einsum").Set("equation", equation),
                (n, shape) => n.In(shape)).Out();
        }
    }

    static IEnumerable<SingleNode> Products()
    {
        (long[] A, long[] B)[] products =
        [
            ([4], [4]), ([4], [4, 3]), ([2, 4], [4]), ([5, 2, 4], [4]), ([4], [5, 4, 3]),
            ([2, 1, 3, 4], [5, 4, 2]), ([2, 3, 4], [4, 6]),
        ];
        foreach ((long[] a, long[] b) in products)
        {
            string name = $"{string.Join('x', a)} {string.Join('x', b)}";
            yield return new SingleNode(name, "MatMul").In(a).In(b).Out();
            yield return new SingleNode($"{name} constant", "MatMul").In(a).Weights(b).Out();
        }

        yield return new SingleNode("int32", "MatMul")
            .In32([.. Enumerable.Range(-10, 24)], 2, 3, 4)
            .In32([.. Enumerable.Range(-9, 20)], 4, 5).Out(DataType.Int32);
        yield return new SingleNode("turned", "FusedMatMul", domain: SingleNode.Microsoft)
            .In(2, 4, 3).In(2, 5, 4).Set("transA", 1L).Set("transB", 1L).Set("alpha", 0.5f).Out();
    }

    static IEnumerable<SingleNode> Layers()
    {
        foreach (long ta in (long[])[0, 1])
        {
            foreach (long tb in (long[])[0, 1])
            {
                foreach (long[]? c in (long[]?[])[null, [], [5], [1, 5], [3, 1], [3, 5]])
                {
                    string name = $"{ta} {tb} {(c is null ? "none" : string.Join('x', c))}";
                    SingleNode Gemm(string kind) => new SingleNode($"{name} {kind}", "Gemm")
                        .Set("transA", ta).Set("transB", tb).Set("alpha", 0.7f).Set("beta", 1.3f)
                        .In(ta == 1 ? [4, 3] : [3, 4]);
                    long[] b = tb == 1 ? [5, 4] : [4, 5];
                    SingleNode moving = Gemm("computed").In(b);
                    SingleNode still = Gemm("constant").Weights(b);
                    yield return (c is null ? moving : moving.In(c)).Out();
                    yield return (c is null ? still : still.Weights(c)).Out();
                }
            }
        }
    }

    static IEnumerable<SingleNode> Attention()
    {
        SingleNode Packed(string name) =>
            new SingleNode(name, "Attention", domain: SingleNode.Microsoft)
                .Set("num_heads", 3L).In(2, 5, 12).Weights(12, 36).Weights(36);
        yield return Packed("packed").Out();
        yield return Packed("packed causal").Set("unidirectional", 1L).Out();
        yield return Packed("packed mask")
            .Constant(DataType.Int32, [2, 5], 1, 1, 1, 1, 1, 1, 1, 1, 0, 0).Out();
        yield return new SingleNode("bias", "MultiHeadAttention", domain: SingleNode.Microsoft)
            .Set("num_heads", 3L).In(2, 5, 12).In(2, 6, 12).In(2, 6, 12).Weights(36).Out();
        SingleNode MultiHead(string name) =>
            new SingleNode(name, "MultiHeadAttention", domain: SingleNode.Microsoft)
                .Set("num_heads", 3L);
        DataType[] three = [DataType.Float, DataType.Float, DataType.Float];
        yield return MultiHead("past").In(2, 5, 12).In(2, 5, 12).In(2, 5, 12).None(3)
            .In(2, 3, 4, 4).In(2, 3, 4, 4).Out(three);
        yield return MultiHead("by heads").In(2, 5, 12).In(2, 3, 6, 4).In(2, 3, 6, 4).Out();
        yield return Packed("packed past").None().In(2, 2, 3, 4, 4)
            .Set("unidirectional", 1L).Out(DataType.Float, DataType.Float);
        yield return Grouped("grouped").Out();
        yield return Grouped("grouped causal").Set("is_causal", 1L).Out();
        yield return Grouped("grouped scale").Set("scale", 0.3f).Out();
        yield return new SingleNode("flat", "Attention", 23)
            .Set("q_num_heads", 4L).Set("kv_num_heads", 2L)
            .In(2, 5, 32).In(2, 6, 16).In(2, 6, 16).Out();
        yield return new SingleNode("past", "Attention", 23).Set("is_causal", 1L)
            .In(2, 2, 3, 8).In(2, 2, 3, 8).In(2, 2, 3, 8).None().In(2, 2, 4, 8).In(2, 2, 4, 8)
            .Out(DataType.Float, DataType.Float, DataType.Float);
        foreach (SingleNode node in StandardAttention())
        {
            yield return node;
        }

        foreach (long interleaved in (long[])[0, 1])
        {
            yield return new SingleNode($"{interleaved}", "RotaryEmbedding", 23)
                .Set("interleaved", interleaved).In(2, 3, 5, 8).Weights(10, 4).Weights(10, 4)
                .Constant(DataType.Int64, [2, 5], 0L, 1, 2, 3, 4, 1, 2, 3, 4, 5).Out();
            yield return new SingleNode(
                $"flat {interleaved}", "RotaryEmbedding", domain: SingleNode.Microsoft)
                .Set("interleaved", interleaved).In(2, 5, 24).Longs(2).Weights(10, 4)
                .Weights(10, 4).Out();
        }
    }

    static IEnumerable<SingleNode> StandardAttention()
    {
        DataType[] four = [DataType.Float, DataType.Float, DataType.Float, DataType.Float];
        yield return Grouped("softcap").Set("softcap", 0.7f).Out();
        yield return Grouped("softcap causal").Set("softcap", 0.7f).Set("is_causal", 1L).Out();
        yield return Grouped("mask").In(5, 6).Out();
        yield return Grouped("mask of heads").In(2, 4, 5, 6).Set("softcap", 2f).Out();
        yield return Grouped("mask of truth").Constant(DataType.Bool, [5, 6],
            [.. Enumerable.Range(0, 30).Select(i => i % 7 != 3)]).Out();
        foreach (long mode in (long[])[0, 1, 2, 3])
        {
            SingleNode Stage(string name) => Grouped($"{name} stage {mode}")
                .Set("qk_matmul_output_mode", mode);
            yield return Stage("plain").None(3).Out(four);
            yield return Stage("mask").In(5, 6).None(2).Out(four);
            yield return Stage("softcap").Set("softcap", 0.7f).In(5, 6).None(2).Out(four);
        }

        foreach (int opset in (int[])[23, 24])
        {
            yield return new SingleNode($"flat past {opset}", "Attention", opset)
                .Set("is_causal", 1L).Set("q_num_heads", 4L).Set("kv_num_heads", 2L)
                .Set("softcap", 3f).Set("scale", 0.4f)
                .In(2, 3, 32).In(2, 3, 16).In(2, 3, 12).In(3, 8).In(2, 2, 5, 8).In(2, 2, 5, 6)
                .Out(DataType.Float, DataType.Float, DataType.Float);
        }

        foreach (long causal in (long[])[0, 1])
        {
            yield return new SingleNode($"lengths {causal}", "Attention", 24)
                .Set("is_causal", causal)
                .In(2, 4, 3, 8).In(2, 2, 9, 8).In(2, 2, 9, 8).None(3)
                .Constant(DataType.Int64, [2], 4L, 9L).Out();
        }
    }

    static SingleNode Grouped(string name) => new SingleNode(name, "Attention", 23)
        .In(2, 4, 5, 8).In(2, 2, 6, 8).In(2, 2, 6, 8);
}
