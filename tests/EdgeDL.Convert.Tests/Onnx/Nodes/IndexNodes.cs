using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Gathers, scatters and searches along every axis.</summary>
static class IndexNodes
{
    public static IEnumerable<SingleNode> All => [.. Axes(), .. Gathers(), .. Scatters()];

    static IEnumerable<SingleNode> Axes()
    {
        int[] numbers = [.. Enumerable.Range(0, 210).Select(i => i * 37 % 11)];
        foreach (long axis in (long[])[0, 1, 2, -1])
        {
            foreach (long way in (long[])[0, 1])
            {
                string name = $"{axis} {way}";
                yield return new SingleNode(name, "TopK").Set("axis", axis).Set("largest", way)
                    .In(5, 6, 7).Longs(3).Out(DataType.Float, DataType.Int64);
                foreach (string op in (string[])["ArgMax", "ArgMin"])
                {
                    yield return new SingleNode(name, op).Set("axis", axis)
                        .Set("select_last_index", way).Set("keepdims", way)
                        .In32(numbers, 5, 6, 7).Out(DataType.Int64);
                }

                yield return new SingleNode(name, "CumSum").Set("exclusive", way)
                    .Set("reverse", 1 - way).In(5, 6, 7).Longs(axis).Out();
            }
        }
    }

    static IEnumerable<SingleNode> Gathers()
    {
        yield return new SingleNode("batch", "GatherND").Set("batch_dims", 1L).In(2, 3, 4, 5)
            .Constant(DataType.Int64, [2, 2, 2], 0L, 1, 2, -1, 1, 1, -3, 0).Out();
        yield return new SingleNode("negative", "Gather").Set("axis", 1L).In(4, 5)
            .Constant(DataType.Int64, [2, 2], -1L, 0, -5, 4).Out();
        yield return new SingleNode("axis 1", "OneHot").Set("axis", 1L)
            .Constant(DataType.Int64, [2, 3], 0L, -1, 4, -5, 7, 2).Longs(5)
            .In(2).Out();
    }

    static IEnumerable<SingleNode> Scatters()
    {
        foreach (string reduction in (string[])["none", "add", "mul", "max", "min"])
        {
            yield return new SingleNode(reduction, "ScatterElements", 18)
                .Set("reduction", reduction).In(4, 5)
                .Constant(DataType.Int64, [2, 3], 0L, 1, -1, 3, 0, 2).In(2, 3).Out();
            yield return new SingleNode(reduction, "ScatterND", 18)
                .Set("reduction", reduction).In(4, 5)
                .Constant(DataType.Int64, [3, 1], 0L, -1, reduction == "none" ? 1 : 0).In(3, 5)
                .Out();
        }
    }
}
