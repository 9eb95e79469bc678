using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Products of integers, and the ranges that are found while the model runs.</summary>
static class IntegerExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.MatMulInteger] = n => n.Give(0, n.Add(
            "MatMulInteger", DType.Int32, n.Out(0).Shape, [n.Raw(0), n.Raw(1), .. Zeros(n)]));
        table[OpCode.ConvInteger] = Conv;
        table[OpCode.DynamicQuantize] = Range;
    }

    static void Conv(NodeExport n)
    {
        var op = n.Op<ConvInteger>();
        Shape w = n.In(1).Shape;
        ConvAxis[] axes = [op.Window.Height, op.Window.Width];
        Shape y = n.Out(0).Shape;
        n.GiveFirst(0, n.Add(
            "ConvInteger", DType.Int32, Layouts.Permute(y, Layouts.ToFirst(4)),
            [n.RawFirst(0), n.Scope.PermutedRaw(n.Node.Inputs[1], [0, 3, 1, 2]), .. Zeros(n)],
            Attribute.Of("kernel_shape", w.Dims[1..3]),
            Attribute.Of("strides", [.. axes.Select(a => a.Stride)]),
            Attribute.Of("dilations", [.. axes.Select(a => a.Dilation)]),
            Attribute.Of("pads",
                [.. axes.Select(a => a.PadBefore), .. axes.Select(a => a.PadAfter)]),
            Attribute.Of("group", (long)(n.In(0).Shape[3] / w[3]))));
    }

    static OnnxTensor?[] Zeros(NodeExport n) =>
        [.. Enumerable.Range(2, 2).Select(
            i => n.Has(i) ? n.Reshape(n.Raw(i), Shape.Scalar) : null)];

    static void Range(NodeExport n)
    {
        bool first = n.IsFirst(0);
        OnnxTensor x = first ? n.RealFirst(0) : n.Real(0);
        OnnxTensor[] y = n.AddMany("DynamicQuantizeLinear",
            [(DType.UInt8, x.Shape), (DType.Float32, Shape.Scalar), (DType.UInt8, Shape.Scalar)],
            [x]);
        n.Give(0, real: false, first, y[0]);
        n.GiveRaw(1, y[1]);
        n.GiveRaw(2, y[2]);
    }
}
