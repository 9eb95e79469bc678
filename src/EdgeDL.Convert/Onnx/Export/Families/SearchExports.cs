using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Ops that find some of many. Where ONNX gives as many as there are, ours give as many
/// as there may be, and their number.</summary>
static class SearchExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.Where] = NonZero;
        table[OpCode.UniqueSlices] = Unique;
        table[OpCode.NonMaxSuppression] = Suppress;
    }

    static void NonZero(NodeExport n)
    {
        Shape y = n.Out(0).Shape;
        OnnxTensor found = n.AddOpen("NonZero", DType.Int64, [n.Cast(n.Raw(0), DType.Bool)]);
        OnnxTensor rows = n.AddOpen(
            "Transpose", DType.Int64, [found], Attribute.Of("perm", [1, 0]));
        n.GiveRaw(0, Filling(n, rows, -1, y, axis: 0));
        n.GiveRaw(1, Count(n, rows));
    }

    static void Unique(NodeExport n)
    {
        var op = n.Op<UniqueSlices>();
        OnnxTensor x = n.Raw(0);
        OnnxTensor[] found =
        [
            new($"{n.Node.Name}/slices", x.DType, Shape.Scalar) { HasShape = false },
            new($"{n.Node.Name}/first", DType.Int64, Shape.Scalar) { HasShape = false },
            new($"{n.Node.Name}/place", DType.Int64, n.Out(2).Shape),
            new($"{n.Node.Name}/counts", DType.Int64, Shape.Scalar) { HasShape = false },
        ];
        n.Scope.Body.Nodes.Add(new OnnxNode(
            "Unique", $"{n.Node.Name}/Unique", [x], found,
            [
                Attribute.Of("axis", (long)op.Axis), Attribute.Of("sorted", op.Sorted ? 1 : 0),
            ],
            []));
        n.GiveRaw(0, Filling(n, found[0], 0, x.Shape, op.Axis));
        n.GiveRaw(1, Filling(n, found[1], 0, n.Out(1).Shape, axis: 0));
        n.GiveRaw(2, found[2]);
        n.GiveRaw(3, Filling(n, found[3], 0, n.Out(3).Shape, axis: 0));
        n.GiveRaw(4, Count(n, found[1]));
    }

    static void Suppress(NodeExport n)
    {
        var op = n.Op<NonMaxSuppression>();
        if (op.Sigma > 0)
        {
            throw new NoEquivalentException("ONNX has no soft non-maximum suppression");
        }

        int boxes = n.In(0).Shape[0];
        OnnxTensor found = n.AddOpen(
            "NonMaxSuppression", DType.Int64,
            [
                n.Reshape(n.Real(0), new Shape(1, boxes, 4)),
                n.Reshape(n.Real(1), new Shape(1, 1, boxes)),
                n.Number(DType.Int64, op.Most), n.Number(DType.Float32, op.OverlapThreshold),
                n.Number(DType.Float32, op.ScoreThreshold),
            ]);
        OnnxTensor column = n.AddOpen(
            "Gather", DType.Int64, [found, n.Number(DType.Int64, 2)], Attribute.Of("axis", 1));
        var most = new Shape(op.Most);
        n.GiveRaw(0, n.Cast(Filling(n, column, 0, most, axis: 0), DType.Int32));
        if (n.OutputCount == 3)
        {
            OnnxTensor scores = n.AddOpen("Gather", DType.Float32, [n.Real(1), column]);
            n.GiveRaw(1, Filling(n, scores, 0, most, axis: 0));
        }

        n.GiveRaw(n.OutputCount - 1, Count(n, column));
    }

    // The first of what was found and what stands for the rest.
    static OnnxTensor Filling(
        NodeExport n, OnnxTensor found, double rest, in Shape shape, int axis)
    {
        OnnxTensor filler = IndexExports.Filled(n, n.Number(found.DType, rest), shape);
        OnnxTensor all = n.AddOpen(
            "Concat", found.DType, [found, filler], Attribute.Of("axis", (long)axis));
        return n.Slice(all, shape, [0], [shape[axis]], [axis], [1]);
    }

    static OnnxTensor Count(NodeExport n, OnnxTensor rows)
    {
        OnnxTensor shape = n.AddOpen("Shape", DType.Int64, [rows]);
        OnnxTensor first = n.Slice(shape, new Shape(1), [0], [1], [0], [1]);
        return n.Cast(n.Reshape(first, Shape.Scalar), DType.Int32);
    }
}
