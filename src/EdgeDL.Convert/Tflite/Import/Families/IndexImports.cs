using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Gather, scatter, repeat, rearrange, and tensors made from indices.</summary>
static class IndexImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.GATHER, Gather);
        t.Add(BuiltinOperator.GATHER_ND, n => n.Emit(new GatherNd()));
        t.Add(BuiltinOperator.SCATTER_ND,
            n => n.Emit(new ScatterNd(n.Ints(2, "shape")), n.Input(0), n.Input(1)));
        t.Add(BuiltinOperator.TILE,
            n => n.Emit(new Tile(n.Ints(1, "repeats")), n.Input(0)));
        t.Add(BuiltinOperator.BROADCAST_TO,
            n => n.Emit(new BroadcastTo(n.Ints(1, "shape")), n.Input(0)));
        t.Add(BuiltinOperator.BROADCAST_ARGS, BroadcastArgs);
        t.Add(BuiltinOperator.MIRROR_PAD, MirrorPad);
        t.Add(BuiltinOperator.SPACE_TO_BATCH_ND, SpaceToBatch);
        t.Add(BuiltinOperator.BATCH_TO_SPACE_ND, BatchToSpace);
        t.Add(BuiltinOperator.SPACE_TO_DEPTH, n => n.Emit(new SpaceToDepth(
            n.Options(Options.SpaceToDepth.Kind).Int(Options.SpaceToDepth.BlockSize))));
        t.Add(BuiltinOperator.DEPTH_TO_SPACE, n => n.Emit(new DepthToSpace(
            n.Options(Options.DepthToSpace.Kind).Int(Options.DepthToSpace.BlockSize), false)));
        t.Add(BuiltinOperator.REVERSE_V2, Reverse);
        t.Add(BuiltinOperator.REVERSE_SEQUENCE, ReverseSequence);
        t.Add(BuiltinOperator.DYNAMIC_UPDATE_SLICE, n => n.Emit(new DynamicUpdateSlice()));
        t.Add(BuiltinOperator.ONE_HOT, OneHot);
        t.Add(BuiltinOperator.FILL,
            n => n.Emit(new ConstantFill(n.Ints(0, "shape")), n.Input(1)));
        t.Add(BuiltinOperator.ZEROS_LIKE, n => n.Emit(new ZerosLike()));
        t.Add(BuiltinOperator.RANGE, Range);
        t.Add(BuiltinOperator.EMBEDDING_LOOKUP, EmbeddingLookup);
        t.Add(BuiltinOperator.HASHTABLE_LOOKUP, n => n.Emit(new HashtableLookup()));
        t.Add(BuiltinOperator.WHERE, n => WithCount(n, new Where()));
        t.Add(BuiltinOperator.UNIQUE, n => WithCount(n, new Unique(n.OutType(1) == DType.Int64)));
        t.Add(BuiltinOperator.MATRIX_DIAG, n => n.Emit(new MatrixDiag()));
        t.Add(BuiltinOperator.MATRIX_SET_DIAG, n => n.Emit(new MatrixSetDiag()));
        t.Add(BuiltinOperator.SEGMENT_SUM, SegmentSum);
        t.Add(BuiltinOperator.UNSORTED_SEGMENT_SUM, n => Segments(n, SegmentKind.Sum));
        t.Add(BuiltinOperator.UNSORTED_SEGMENT_PROD, n => Segments(n, SegmentKind.Product));
        t.Add(BuiltinOperator.UNSORTED_SEGMENT_MAX, n => Segments(n, SegmentKind.Max));
        t.Add(BuiltinOperator.UNSORTED_SEGMENT_MIN, n => Segments(n, SegmentKind.Min));
        t.Add(BuiltinOperator.BUCKETIZE, n => n.Emit(new Bucketize(
            n.Options(Options.Bucketize.Kind).Floats(Options.Bucketize.Boundaries))));
        t.Add(BuiltinOperator.SPARSE_TO_DENSE, n => n.Emit(
            new SparseToDense(n.Ints(1, "shape")), n.Input(0), n.Input(2), n.Input(3)));
    }

    static void Gather(NodeImport n)
    {
        FlatTable o = n.Options(Options.Gather.Kind);
        int axis = n.Axis(o.Int(Options.Gather.Axis), n.ShapeOf(0).Rank);
        int batches = o.Int(Options.Gather.BatchDims);
        batches += batches < 0 ? n.ShapeOf(1).Rank : 0;
        n.Emit(new Gather(axis, batches), n.Input(0), n.Input(1));
    }

    // Both operands are shapes, which are known here.
    static void BroadcastArgs(NodeImport n)
    {
        int[] a = n.Ints(0, "first shape");
        int[] b = n.Ints(1, "second shape");
        var dims = new int[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= dims.Length; i++)
        {
            int x = i <= a.Length ? a[^i] : 1;
            int y = i <= b.Length ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
            {
                throw n.Fail(
                    $"[{string.Join("x", a)}] and [{string.Join("x", b)}] don't go together");
            }

            dims[^i] = x == 1 ? y : x;
        }

        int value = n.OutType(0) == DType.Int64
            ? n.Constant<long>("shape", new Shape(dims.Length), [.. dims.Select(d => (long)d)])
            : n.Constant<int>("shape", new Shape(dims.Length), dims);
        n.SetOutput(0, value);
    }

    static void MirrorPad(NodeImport n)
    {
        int mode = n.Options(Options.MirrorPad.Kind).Byte(Options.MirrorPad.Mode, 0);
        (int[] before, int[] after) = Pairs(n, 1, "paddings");
        n.Emit(new MirrorPad(before, after, symmetric: mode == 1), n.Input(0));
    }

    static void SpaceToBatch(NodeImport n)
    {
        (int[] before, int[] after) = Pairs(n, 2, "paddings");
        n.Emit(new SpaceToBatchNd(n.Ints(1, "block"), before, after), n.Input(0));
    }

    static void BatchToSpace(NodeImport n)
    {
        (int[] before, int[] after) = Pairs(n, 2, "crops");
        n.Emit(new BatchToSpaceNd(n.Ints(1, "block"), before, after), n.Input(0));
    }

    static void Reverse(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank;
        n.Emit(new Reverse([.. n.Ints(1, "axes").Select(a => n.Axis(a, rank))]), n.Input(0));
    }

    static void ReverseSequence(NodeImport n)
    {
        FlatTable o = n.Options(Options.ReverseSequence.Kind);
        int rank = n.ShapeOf(0).Rank;
        int sequence = n.Axis(o.Int(Options.ReverseSequence.SeqDim), rank);
        int batch = n.Axis(o.Int(Options.ReverseSequence.BatchDim), rank);
        n.Emit(new ReverseSequence(sequence, batch));
    }

    static void OneHot(NodeImport n)
    {
        int axis = n.Options(Options.OneHot.Kind).Int(Options.OneHot.Axis);
        int depth = n.Int(1, "depth");
        if (depth < 0)
        {
            throw n.Fail($"its depth is {depth}");
        }

        int at = n.Axis(axis, n.ShapeOf(0).Rank + 1);
        n.Emit(new OneHot(depth, at), n.Input(0), n.Input(2), n.Input(3));
    }

    static void Range(NodeImport n)
    {
        double start = Number(n, 0, "start");
        double limit = Number(n, 1, "limit");
        double delta = Number(n, 2, "delta");
        double count = delta == 0 ? double.NaN : Math.Ceiling((limit - start) / delta);
        if (!(count <= int.MaxValue))
        {
            throw n.Fail($"a range from {start} to {limit} by {delta} has no end");
        }

        n.Emit(new NumberRange((int)Math.Max(count, 0)), n.Input(0), n.Input(2));
    }

    static double Number(NodeImport n, int input, string what)
    {
        if (n.In(input).DType == DType.Float32)
        {
            float[] values = n.Floats(input, what);
            return values.Length == 1 ? values[0] : throw n.Fail($"its {what} is no scalar");
        }

        return n.Int(input, what);
    }

    static void EmbeddingLookup(NodeImport n)
    {
        bool dequantize = n.In(1).DType == DType.Int8 && n.OutType(0) == DType.Float32;
        n.Emit(new EmbeddingLookup(dequantize));
    }

    // Our node has one more output than the file's: how many entries count.
    static void WithCount(NodeImport n, Op op)
    {
        string[] names =
        [
            .. Enumerable.Range(0, n.OutputCount).Select(i => n.OutTensor(i).Name),
            $"{n.Name}/count",
        ];
        int[] values = n.Graph.Add(
            op, n.Name, n.Inputs(), names, new Quantization?[names.Length]);
        for (int i = 0; i < n.OutputCount; i++)
        {
            n.SetOutput(i, values[i]);
        }
    }

    static void SegmentSum(NodeImport n)
    {
        int[] ids = n.Ints(1, "segment ids");
        int last = -1;
        foreach (int id in ids)
        {
            if (id < last || id == int.MaxValue)
            {
                throw n.Fail($"segment id {id} stands after {last}");
            }

            last = id;
        }

        n.Emit(new UnsortedSegment(SegmentKind.Sum, last + 1));
    }

    static void Segments(NodeImport n, SegmentKind kind)
    {
        int count = n.Int(2, "number of segments");
        if (count < 0)
        {
            throw n.Fail($"its number of segments is {count}");
        }

        n.Emit(new UnsortedSegment(kind, count), n.Input(0), n.Input(1));
    }

    static (int[] Before, int[] After) Pairs(NodeImport n, int input, string what)
    {
        int[] pairs = n.Ints(input, what);
        return (
            [.. pairs.Where((_, i) => i % 2 == 0)], [.. pairs.Where((_, i) => i % 2 == 1)]);
    }
}
