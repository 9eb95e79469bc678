using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Quantized operators, the standard's and ONNX Runtime's.</summary>
static class QuantNodes
{
    public static IEnumerable<SingleNode> All =>
        [.. Conversions(), .. Integers(), .. Convolutions(), .. Own()];

    static IEnumerable<SingleNode> Conversions()
    {
        foreach (long axis in (long[])[0, 1, 2])
        {
            yield return new SingleNode($"axis {axis}", "QuantizeLinear").Set("axis", axis)
                .In(3, 4, 5).Scales(3 + axis).WeightsU8(3 + axis).Out(DataType.Uint8);
            yield return new SingleNode($"axis {axis}", "DequantizeLinear").Set("axis", axis)
                .In8(true, 3, 4, 5).Scales(3 + axis).Weights8(3 + axis).Out();
        }

        yield return new SingleNode("int8", "QuantizeLinear")
            .In(3, 4).Scalar(0.02f).Zero((sbyte)-3).Out(DataType.Int8);
        yield return new SingleNode("uint8", "QuantizeLinear")
            .In(3, 4).Scalar(0.02f).Zero((byte)100).Out(DataType.Uint8);
        yield return new SingleNode("no zero point", "DequantizeLinear")
            .In8(false, 3, 4).Scalar(0.02f).Out();
        yield return new SingleNode("", "DynamicQuantizeLinear")
            .In(30, 40).Out(DataType.Uint8, DataType.Float, DataType.Uint8);
    }

    static IEnumerable<SingleNode> Integers()
    {
        yield return new SingleNode("deep", "MatMulInteger").In8(false, 3, 700)
            .Weights8(700, 5).Zero((byte)120).Zero((sbyte)3).Out(DataType.Int32);
        yield return new SingleNode("computed", "MatMulInteger")
            .In8(false, 2, 3, 7).In8(false, 7, 5).Out(DataType.Int32);
        yield return new SingleNode("zero points by column", "MatMulInteger").In8(true, 3, 300)
            .Weights8(300, 5).Zero((sbyte)5).Weights8(5).Out(DataType.Int32);
        // Both computed and uint8 by int8, ONNX Runtime's sums saturate.
        yield return new SingleNode("batches", "MatMulInteger").In8(false, 2, 3, 9)
            .In8(false, 2, 9, 4).Zero((byte)200).Zero((byte)100).Out(DataType.Int32);
        yield return new SingleNode("line", "ConvInteger").In8(false, 2, 6, 11)
            .WeightsU8(4, 3, 3).Zero((byte)7).Zero((byte)200).Set("group", 2L)
            .Set("dilations", new[] { 2L }).Out(DataType.Int32);
        yield return new SingleNode("deep", "ConvInteger").In8(false, 1, 70, 5, 5)
            .WeightsU8(4, 70, 3, 3).Zero((byte)120).Zero((byte)100)
            .Set("pads", 1L, 1, 1, 1).Out(DataType.Int32);
        yield return new SingleNode("depthwise", "ConvInteger").In8(false, 1, 4, 5, 5)
            .WeightsU8(4, 1, 3, 3).Zero((byte)120)
            .Set("group", 4L).Set("strides", 2L, 2).Out(DataType.Int32);
        yield return new SingleNode("uint8", "QLinearMatMul").In8(false, 3, 40)
            .Scalar(0.02f).Zero((byte)120).Weights8(40, 5).Scalar(0.01f).Zero((sbyte)0)
            .Scalar(0.2f).Zero((byte)100).Out(DataType.Uint8);
        yield return new SingleNode("int8", "QLinearMatMul").In8(true, 2, 3, 8)
            .Scalar(0.02f).Zero((sbyte)1).Weights8(2, 8, 5).Scalar(0.01f).Zero((sbyte)7)
            .Scalar(0.05f).Zero((sbyte)-3).Out(DataType.Int8);
    }

    static IEnumerable<SingleNode> Convolutions()
    {
        SingleNode Begin(string name, bool isSigned) => new SingleNode(name, "QLinearConv")
            .Set("pads", 1L, 1, 1, 1).In8(isSigned, 1, 4, 6, 6).Scalar(0.02f);
        int[] bias = [100, -200, 300, 50];
        foreach (byte zero in (byte[])[128, 77])
        {
            yield return Begin($"weights' zero point {zero}", false).Zero((byte)12)
                .WeightsU8(4, 4, 3, 3).Scalar(0.01f).Zero(zero).Scalar(0.15f).Zero((byte)9)
                .Constant(DataType.Int32, [4], bias).Out(DataType.Uint8);
        }

        foreach (long groups in (long[])[1, 2, 4])
        {
            yield return Begin($"by channel, groups {groups}", false).Zero((byte)12)
                .Weights8(4, 4 / groups, 3, 3).Scales(4)
                .Constant(DataType.Int8, [4], new sbyte[4]).Scalar(0.15f).Zero((byte)9)
                .Constant(DataType.Int32, [4], bias).Set("group", groups).Out(DataType.Uint8);
        }

        yield return Begin("int8", true).Zero((sbyte)-5).Weights8(4, 4, 3, 3).Scalar(0.01f)
            .Zero((sbyte)0).Scalar(0.15f).Zero((sbyte)9).Out(DataType.Int8);
        yield return Begin("int8 off zero", true).Zero((sbyte)-5).Weights8(4, 4, 3, 3)
            .Scalar(0.01f).Zero((sbyte)5).Scalar(0.15f).Zero((sbyte)9).Out(DataType.Int8);
    }

    static SingleNode Of(string op, string name = "") => new(name, op, 17, SingleNode.Microsoft);

    static IEnumerable<SingleNode> Own()
    {
        foreach (string op in (string[])["QLinearAdd", "QLinearMul"])
        {
            yield return Of(op).In8(false, 2, 3, 8).Scalar(0.02f).Zero((byte)100)
                .In8(false, 3, 8).Scalar(0.03f).Zero((byte)130).Scalar(0.04f).Zero((byte)120)
                .Out(DataType.Uint8);
        }

        yield return Simple("QLinearSigmoid").Out(DataType.Uint8);
        yield return Simple("QLinearLeakyRelu").Set("alpha", 0.1f).Out(DataType.Uint8);
        yield return Simple("QLinearGlobalAveragePool").Out(DataType.Uint8);
        yield return Simple("QLinearAveragePool").Set("kernel_shape", 3L, 3)
            .Set("pads", 1L, 1, 1, 1).Out(DataType.Uint8);
        yield return Of("QLinearConcat").Set("axis", 1L).Scalar(0.04f).Zero((byte)120)
            .In8(false, 2, 3).Scalar(0.02f).Zero((byte)100)
            .In8(false, 2, 4).Scalar(0.03f).Zero((byte)130).Out(DataType.Uint8);
        SingleNode Gemm(string name) => Of("QGemm", name).In8(false, 3, 40).Scalar(0.02f)
            .Zero((byte)120).Weights8(40, 5).Scalar(0.01f).Zero((sbyte)0);
        yield return Gemm("uint8").Constant(DataType.Int32, [5], 100, -200, 300, 50, 7)
            .Scalar(0.2f).Zero((byte)100).Out(DataType.Uint8);
        yield return Gemm("float").Set("alpha", 0.5f).Out();
        yield return Of("MatMulIntegerToFloat").In8(false, 3, 40).Weights8(40, 5).Scalar(0.02f)
            .Scales(5).Zero((byte)9).Constant(DataType.Int8, [5], new sbyte[5]).Weights(5).Out();
        yield return Of("DynamicQuantizeMatMul").In(3, 40).Weights8(40, 5).Scalar(0.02f)
            .Zero((sbyte)0).Weights(5).Out();
        yield return Of("FusedConv").In(1, 3, 6, 6).Weights(4, 3, 3, 3).Weights(4)
            .Set("pads", 1L, 1, 1, 1).Set("activation", "LeakyRelu")
            .Set("activation_params", [0.2f]).Out();
    }

    static SingleNode Simple(string op) => Of(op)
        .In8(false, 2, 3, 6, 6).Scalar(0.02f).Zero((byte)100).Scalar(0.01f).Zero((byte)20);
}
