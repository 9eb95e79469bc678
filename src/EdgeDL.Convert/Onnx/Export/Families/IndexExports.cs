using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Elements that are found by index, and what makes indices.</summary>
static class IndexExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.Gather] = Gather;
        table[OpCode.GatherNd] = n => n.GiveRaw(0, n.Add(
            "GatherND", n.Out(0).DType, n.Out(0).Shape, [n.Raw(0), Wide(n, 1)]));
        table[OpCode.GatherElements] = n => n.GiveRaw(0, n.Add(
            "GatherElements", n.Out(0).DType, n.Out(0).Shape, [n.Raw(0), n.Raw(1)],
            Attribute.Of("axis", (long)n.Op<GatherElements>().Axis)));
        table[OpCode.EmbeddingLookup] = Lookup;
        table[OpCode.ScatterElements] = n => n.GiveRaw(0, n.Like(
            "ScatterElements", n.Raw(0), [n.Raw(0), n.Raw(1), n.Raw(2)],
            [
                Attribute.Of("axis", (long)n.Op<ScatterElements>().Axis),
                .. Reduction(n, n.Op<ScatterElements>().Kind),
            ]));
        table[OpCode.ScatterNdUpdate] = n => n.GiveRaw(0, n.Like(
            "ScatterND", n.Raw(0), [n.Raw(0), Wide(n, 1), n.Raw(2)],
            Reduction(n, n.Op<ScatterNdUpdate>().Kind)));
        table[OpCode.ScatterNd] = Scatter;
        table[OpCode.SparseToDense] = Dense;
        table[OpCode.UnsortedSegment] = Segments;
        table[OpCode.OneHot] = OneHot;
        table[OpCode.Range] = Range;
        table[OpCode.Bucketize] = Bucketize;
        table[OpCode.Trilu] = n => n.GiveRaw(0, n.Like(
            "Trilu", n.Raw(0), [n.Raw(0), n.Has(1) ? n.Reshape(n.Raw(1), Shape.Scalar) : null],
            Attribute.Of("upper", n.Op<Trilu>().Upper ? 1 : 0)));
        table[OpCode.MatrixDiag] = n => Diagonal(n, n.Raw(0), n.Number(n.In(0).DType, 0));
        table[OpCode.MatrixSetDiag] = n => Diagonal(n, n.Raw(1), n.Raw(0));
        table[OpCode.DynamicSlice] = Box;
        table[OpCode.DynamicUpdateSlice] = UpdateBox;
    }

    static OnnxTensor Wide(NodeExport n, int i) => n.Cast(n.Raw(i), DType.Int64);

    static AttributeProto[] Reduction(NodeExport n, ScatterKind kind)
    {
        if (kind is ScatterKind.Max or ScatterKind.Min)
        {
            n.Run.NeedOpset(18);
        }

        return kind == ScatterKind.Replace ? [] :
        [
            Attribute.Of("reduction", kind switch
            {
                ScatterKind.Add => "add",
                ScatterKind.Multiply => "mul",
                ScatterKind.Max => "max",
                _ => "min",
            }),
        ];
    }

    static void Gather(NodeExport n)
    {
        var op = n.Op<Gather>();
        OnnxTensor x = n.Raw(0);
        if (op.BatchDims == 0)
        {
            n.GiveRaw(0, n.Add(
                "Gather", x.DType, n.Out(0).Shape, [x, n.Raw(1)],
                Attribute.Of("axis", (long)op.Axis)));
            return;
        }

        if (op.BatchDims != op.Axis)
        {
            throw new NoEquivalentException(
                $"gathers along axis {op.Axis} behind {op.BatchDims} shared axes");
        }

        Shape index = n.In(1).Shape;
        n.GiveRaw(0, n.Add(
            "GatherND", x.DType, n.Out(0).Shape,
            [x, n.Reshape(Wide(n, 1), new Shape([.. index.Dims, 1]))],
            Attribute.Of("batch_dims", (long)op.BatchDims)));
    }

    static void Lookup(NodeExport n)
    {
        OnnxTensor table = n.Op<EmbeddingLookup>().Dequantize ? n.Real(1) : n.Raw(1);
        n.GiveRaw(0, n.Add(
            "Gather", table.DType, n.Out(0).Shape, [table, n.Raw(0)],
            Attribute.Of("axis", 0)));
    }

    /// <summary>One number everywhere.</summary>
    public static OnnxTensor Filled(NodeExport n, OnnxTensor number, in Shape shape) => n.Add(
        "Expand", number.DType, shape, [number, n.Extents("shape", shape.Dims)]);

    static void Scatter(NodeExport n)
    {
        OnnxTensor updates = n.Raw(1);
        OnnxTensor zeros = Filled(n, n.Number(updates.DType, 0), n.Out(0).Shape);
        n.GiveRaw(0, n.Like(
            "ScatterND", zeros, [zeros, Wide(n, 0), updates], Attribute.Of("reduction", "add")));
    }

    static void Dense(NodeExport n)
    {
        Shape y = n.Out(0).Shape;
        OnnxTensor start = Filled(n, n.Reshape(n.Raw(2), Shape.Scalar), y);
        int count = n.In(0).Shape.Elements / Math.Max(1, y.Rank);
        OnnxTensor values = n.In(1).Shape.Elements == 1
            ? Filled(n, n.Reshape(n.Raw(1), Shape.Scalar), new Shape(count))
            : n.Reshape(n.Raw(1), new Shape(count));
        OnnxTensor indices = n.Reshape(Wide(n, 0), new Shape(count, y.Rank));
        n.GiveRaw(0, n.Like("ScatterND", start, [start, indices, values]));
    }

    // Ids below 0 go to one more segment, which is then cut off.
    static void Segments(NodeExport n)
    {
        var op = n.Op<UnsortedSegment>();
        OnnxTensor x = n.Raw(0);
        int rows = n.In(1).Shape.Elements;
        int inner = x.Shape.Elements / Math.Max(1, rows);
        bool isFloat = x.DType == DType.Float32;
        double first = op.Kind switch
        {
            SegmentKind.Sum => 0,
            SegmentKind.Product => 1,
            SegmentKind.Max => isFloat ? float.MinValue : x.DType == DType.Int32
                ? int.MinValue : long.MinValue,
            _ => isFloat ? float.MaxValue : x.DType == DType.Int32
                ? int.MaxValue : throw new NoEquivalentException("a minimum of Int64"),
        };
        OnnxTensor ids = Wide(n, 1);
        OnnxTensor below = n.Compare("Less", ids, n.Number(DType.Int64, 0));
        ids = n.Reshape(
            n.Where(below, n.Number(DType.Int64, op.Segments), ids), new Shape(rows, 1));
        OnnxTensor start = Filled(
            n, n.Number(x.DType, first), new Shape(op.Segments + 1, inner));
        ScatterKind kind = op.Kind switch
        {
            SegmentKind.Sum => ScatterKind.Add,
            SegmentKind.Product => ScatterKind.Multiply,
            SegmentKind.Max => ScatterKind.Max,
            _ => ScatterKind.Min,
        };
        OnnxTensor y = n.Like(
            "ScatterND", start, [start, ids, n.Reshape(x, new Shape(rows, inner))],
            Reduction(n, kind));
        y = n.Slice(y, new Shape(op.Segments, inner), [0], [op.Segments], [0], [1]);
        n.GiveRaw(0, n.Reshape(y, n.Out(0).Shape));
    }

    // ONNX's OneHot counts negative indices from the end; here they give only off.
    static void OneHot(NodeExport n)
    {
        var op = n.Op<OneHot>();
        Shape index = n.In(0).Shape;
        OnnxTensor places = n.Reshape(
            Wide(n, 0), new Shape([.. index.Dims[..op.Axis], 1, .. index.Dims[op.Axis..]]));
        int[] tail = [.. Enumerable.Repeat(1, index.Rank - op.Axis)];
        OnnxTensor classes = Counted(n, op.Depth, new Shape([op.Depth, .. tail]));
        n.GiveRaw(0, n.Where(
            n.Compare("Equal", places, classes), n.Reshape(n.Raw(1), Shape.Scalar),
            n.Reshape(n.Raw(2), Shape.Scalar)));
    }

    static OnnxTensor Counted(NodeExport n, int count, in Shape shape)
    {
        long[] values = new long[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = i;
        }

        return n.Constant<long>("count", shape, values);
    }

    static void Range(NodeExport n)
    {
        int count = n.Op<NumberRange>().Count;
        OnnxTensor start = n.Reshape(n.Raw(0), Shape.Scalar);
        OnnxTensor delta = n.Reshape(n.Raw(1), Shape.Scalar);
        OnnxTensor steps = n.Cast(Counted(n, count, new Shape(count)), start.DType);
        n.GiveRaw(0, n.Binary("Add", n.Binary("Mul", steps, delta), start));
    }

    static void Bucketize(NodeExport n)
    {
        ReadOnlySpan<float> bounds = n.Op<Bucketize>().Boundaries;
        OnnxTensor x = n.Cast(n.Raw(0), DType.Float64);
        double[] wide = new double[bounds.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = bounds[i];
        }

        OnnxTensor each = n.Reshape(x, new Shape([.. x.Shape.Dims, 1]));
        OnnxTensor above = n.Compare(
            "GreaterOrEqual", each,
            n.Constant<double>("boundaries", new Shape(wide.Length), wide));
        n.GiveRaw(0, n.Reduce(
            "ReduceSum", n.Cast(above, DType.Int32), [x.Shape.Rank], keepDims: false));
    }

    static void Diagonal(NodeExport n, OnnxTensor diagonal, OnnxTensor rest)
    {
        Shape y = n.Out(0).Shape;
        int rows = y[-2], columns = y[-1];
        byte[] eye = new byte[(long)rows * columns];
        for (int i = 0; i < Math.Min(rows, columns); i++)
        {
            eye[(i * columns) + i] = 1;
        }

        OnnxTensor mask = n.Scope.Constant(Constants.Of(
            $"{n.Node.Name}/diagonal", DType.Bool, new Shape(rows, columns), eye));
        ReadOnlySpan<int> dims = diagonal.Shape.Dims;
        OnnxTensor spread = n.Reshape(diagonal, rows <= columns
            ? new Shape([.. dims, 1]) : new Shape([.. dims[..^1], 1, dims[^1]]));
        n.GiveRaw(0, n.Where(mask, spread, rest));
    }

    static OnnxTensor Starts(NodeExport n, int i, in Shape x, in Shape box)
    {
        int[] most = new int[x.Rank];
        for (int d = 0; d < most.Length; d++)
        {
            most[d] = x[d] - box[d];
        }

        OnnxTensor starts = n.Reshape(Wide(n, i), new Shape(x.Rank));
        starts = n.Binary("Max", starts, n.Number(DType.Int64, 0));
        return n.Binary("Min", starts, n.Extents("most", most));
    }

    static void Box(NodeExport n)
    {
        var box = new Shape(n.Op<DynamicSlice>().Size);
        OnnxTensor x = n.Raw(0);
        OnnxTensor starts = Starts(n, 1, x.Shape, box);
        OnnxTensor ends = n.Binary("Add", starts, n.Extents("size", box.Dims));
        n.GiveRaw(0, x.Shape.Rank == 0 ? x : n.Add(
            "Slice", x.DType, box, [x, starts, ends]));
    }

    static void UpdateBox(NodeExport n)
    {
        OnnxTensor x = n.Raw(0);
        Shape box = n.In(1).Shape;
        int rank = box.Rank;
        long[] places = new long[(long)box.Elements * rank];
        for (int i = 0; i < box.Elements; i++)
        {
            int left = i;
            for (int d = rank - 1; d >= 0; d--)
            {
                places[(i * rank) + d] = left % box[d];
                left /= box[d];
            }
        }

        OnnxTensor indices = n.Binary(
            "Add", n.Constant<long>("places", new Shape(box.Elements, rank), places),
            Starts(n, 2, x.Shape, box));
        n.GiveRaw(0, n.Like(
            "ScatterND", x, [x, indices, n.Reshape(n.Raw(1), new Shape(box.Elements))]));
    }
}
