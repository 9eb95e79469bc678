using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Normalisation, softmax and what ONNX Runtime fuses with them.</summary>
static class NormalizeNodes
{
    public static IEnumerable<SingleNode> All => [.. Norms(), .. Softmaxes(), .. Fused()];

    static IEnumerable<SingleNode> Norms()
    {
        yield return new SingleNode("by group", "GroupNormalization", 18).Set("num_groups", 3L)
            .In(2, 6, 4, 4).Weights(3).Weights(3).Out();
        yield return new SingleNode("by channel", "GroupNormalization", 21)
            .Set("num_groups", 3L).In(2, 6, 4, 4).Weights(6).Weights(6).Out();
        yield return new SingleNode("line", "InstanceNormalization")
            .In(2, 6, 7).Weights(6).Weights(6).Out();
        yield return new SingleNode("rows", "BatchNormalization")
            .In(4, 6).Weights(6).Weights(6).Weights(6).Scales(6).Out();
        yield return new SingleNode("statistics", "LayerNormalization").Set("axis", 1L)
            .In(2, 3, 4).Weights(3, 4).Weights(3, 4)
            .Out(DataType.Float, DataType.Float, DataType.Float);
        yield return new SingleNode("rows", "LayerNormalization")
            .In(2, 3, 8).Weights(8).Weights(8).Out();
        yield return new SingleNode("", "RMSNormalization", 23).In(2, 3, 8).Weights(8).Out();
        foreach (long size in (long[])[1, 3, 5])
        {
            yield return new SingleNode($"{size}", "LRN").Set("size", size).Set("alpha", 0.5f)
                .Set("beta", 0.6f).Set("bias", 1.5f).In(2, 6, 3, 3).Out();
        }

        foreach (long p in (long[])[1, 2])
        {
            yield return new SingleNode($"{p}", "LpNormalization").Set("p", p).Set("axis", 1L)
                .In(2, 6, 3).Out();
        }

        yield return new SingleNode("", "MeanVarianceNormalization").In(2, 3, 4, 5).Out();
    }

    static IEnumerable<SingleNode> Softmaxes() =>
        from op in (string[])["Softmax", "LogSoftmax", "Hardmax"]
        from opset in (int[])[11, 13]
        from axis in (long[])[0, 1, 2, -1]
        select new SingleNode($"{opset} {axis}", op, opset).Set("axis", axis).In(2, 3, 4).Out();

    static IEnumerable<SingleNode> Fused()
    {
        SingleNode Of(string op) => new("", op, 17, SingleNode.Microsoft);
        yield return Of("SkipLayerNormalization").In(2, 3, 8).In(2, 3, 8).Weights(8).Weights(8)
            .Weights(8).Set("epsilon", 1e-5f).Out();
        yield return Of("SkipSimplifiedLayerNormalization").In(2, 3, 8).In(2, 3, 8).Weights(8)
            .Set("epsilon", 1e-5f).Out();
        yield return Of("Gelu").In(3, 4).Out();
        yield return Of("BiasGelu").In(3, 4).Weights(4).Out();
        yield return Of("FastGelu").In(3, 4).Weights(4).Out();
        yield return Of("QuickGelu").Set("alpha", 1.5f).In(3, 4).Out();
    }
}
