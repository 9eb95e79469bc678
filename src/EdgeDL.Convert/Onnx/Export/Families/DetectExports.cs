using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Boxes, regions and spectra.</summary>
static class DetectExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.RoiAlign] = Align;
        table[OpCode.RoiPool] = Pool;
        table[OpCode.BoxSelection] = Select;
        table[OpCode.Dft] = Transform;
    }

    static void Align(NodeExport n)
    {
        RoiAlignSettings s = n.Op<RoiAlign>().Settings;
        n.GiveFirst(0, n.Add(
            "RoiAlign", DType.Float32, First(n.Out(0).Shape),
            [n.RealFirst(0), n.Real(1), n.Cast(n.Raw(2), DType.Int64)],
            Attribute.Of("output_height", s.Rows), Attribute.Of("output_width", s.Columns),
            Attribute.Of("sampling_ratio", s.Samples), Attribute.Of("spatial_scale", s.Scale),
            Attribute.Of("mode", s.Maximum ? "max" : "avg"),
            Attribute.Of("coordinate_transformation_mode",
                s.HalfPixel ? "half_pixel" : "output_half_pixel")));
    }

    static void Pool(NodeExport n)
    {
        var op = n.Op<RoiPool>();
        n.GiveFirst(0, n.Add(
            "MaxRoiPool", DType.Float32, First(n.Out(0).Shape), [n.RealFirst(0), n.Real(1)],
            Attribute.Of("pooled_shape", [op.BinRows, op.BinColumns]),
            Attribute.Of("spatial_scale", op.Scale)));
    }

    // ONNX gives as many rows as there are boxes: ours are those, then rows of −1, cut.
    static void Select(NodeExport n)
    {
        var op = n.Op<BoxSelection>();
        Shape rows = n.Out(0).Shape;
        OnnxTensor boxes = Open(n, "NonMaxSuppression",
            [
                n.Real(0), n.Real(1), n.Has(2) ? n.Raw(2) : null, n.Has(3) ? n.Real(3) : null,
                n.Has(4) ? n.Real(4) : null,
            ],
            Attribute.Of("center_point_box", op.Centers ? 1 : 0));
        var none = new long[rows.Elements];
        Array.Fill(none, -1);
        OnnxTensor all = Open(
            n, "Concat", [boxes, n.Constant<long>("none", rows, none)], Attribute.Of("axis", 0));
        n.GiveRaw(0, n.Slice(all, rows, [0], [rows[0]], [0], [1]));
        if (n.OutputCount == 2)
        {
            OnnxTensor extents = n.Add("Shape", DType.Int64, new Shape(2), [boxes]);
            OnnxTensor found = n.Add("Gather", DType.Int64, Shape.Scalar,
                [extents, n.Number(DType.Int64, 0)], Attribute.Of("axis", 0));
            OnnxTensor told = n.Like("Min", found, [found, n.Number(DType.Int64, rows[0])]);
            n.GiveRaw(1, n.Cast(told, DType.Int32));
        }
    }

    // A node whose result's extents depend on data.
    static OnnxTensor Open(
        NodeExport n, string type, OnnxTensor?[] inputs, params AttributeProto[] attributes)
    {
        string name = $"{n.Node.Name}/{type}";
        var y = new OnnxTensor(name, DType.Int64, default) { HasShape = false };
        n.Scope.Body.Nodes.Add(new OnnxNode(type, name, inputs, [y], attributes, []));
        return y;
    }

    static void Transform(NodeExport n)
    {
        var op = n.Op<Dft>();
        if (op.OneSided && op.Inverse)
        {
            throw new NoEquivalentException("ONNX's one-sided DFT has no inverse");
        }

        n.Run.NeedOpset(17);
        OnnxTensor? length = op.Length == n.In(0).Shape[op.Axis]
            ? null
            : n.Number(DType.Int64, op.Length);
        AttributeProto[] kind =
        [
            Attribute.Of("inverse", op.Inverse ? 1 : 0),
            Attribute.Of("onesided", op.OneSided ? 1 : 0),
        ];

        // The axis became an operand.
        n.Give(0, n.Run.Opset >= 20
            ? n.Add("DFT", DType.Float32, n.Out(0).Shape,
                [n.Real(0), length, n.Number(DType.Int64, op.Axis)], kind)
            : n.Add("DFT", DType.Float32, n.Out(0).Shape, [n.Real(0), length],
                [.. kind, Attribute.Of("axis", op.Axis)]));
    }

    static Shape First(in Shape last) => Layouts.Permute(last, Layouts.ToFirst(last.Rank));
}
