using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Operators that are newer than the conformance suite.</summary>
static class LaterNodes
{
    public static IEnumerable<SingleNode> All =>
    [
        .. Bits(),
        new SingleNode("", "Mish", 18).In(3, 40).Out(),
        new SingleNode("exact", "Gelu", 20).In(3, 40).Out(),
        new SingleNode("tanh", "Gelu", 20).Set("approximate", "tanh").In(3, 40).Out(),
    ];

    static IEnumerable<SingleNode> Bits()
    {
        int[] a = [.. Enumerable.Range(-30, 60).Select(i => i * 7919)];
        int[] b = [.. Enumerable.Range(1, 60).Select(i => i * 104729)];
        foreach (string op in (string[])["BitwiseAnd", "BitwiseOr", "BitwiseXor"])
        {
            yield return new SingleNode("", op, 18)
                .In32(a, 3, 20).In32(b, 3, 20).Out(DataType.Int32);
        }

        yield return new SingleNode("", "BitwiseNot", 18).In32(a, 60).Out(DataType.Int32);
    }
}
