using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using ResizeGrid = EdgeDL.Kernels.Resize.ResizeGrid;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Reductions, softmax, pooling, resize, normalisation, detection.</summary>
static class ReduceImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.MEAN, n => Reduce(n, axes => new Mean(axes)));
        t.Add(BuiltinOperator.SUM, n => Reduce(n, axes => new Sum(axes)));
        t.Add(BuiltinOperator.REDUCE_MAX, n => Reduce(n, axes => new ReduceMax(axes)));
        t.Add(BuiltinOperator.REDUCE_MIN, n => Reduce(n, axes => new ReduceMin(axes)));
        t.Add(BuiltinOperator.REDUCE_PROD, n => Reduce(n, axes => new ReduceProd(axes)));
        t.Add(BuiltinOperator.REDUCE_ANY, n => Reduce(n, axes => new ReduceAny(axes)));
        t.Add(BuiltinOperator.REDUCE_ALL, n => Reduce(n, axes => new ReduceAll(axes)));
        t.Add(BuiltinOperator.ARG_MAX, ArgMax);
        t.Add(BuiltinOperator.ARG_MIN, ArgMin);
        t.Add(BuiltinOperator.CUMSUM, CumSum);
        t.Add(
            BuiltinOperator.TOPK_V2, n => n.Emit(new TopK(n.Int(1, "k"), true), n.Input(0)));
        t.Add(BuiltinOperator.SOFTMAX, Softmax);
        t.Add(BuiltinOperator.LOG_SOFTMAX, n => n.Emit(new LogSoftmax(n.ShapeOf(0).Rank - 1)));
        t.Add(BuiltinOperator.AVERAGE_POOL_2D, n => Pool(n, (w, a) => new AveragePool2D(w, a)));
        t.Add(BuiltinOperator.MAX_POOL_2D, n => Pool(n, (w, a) => new MaxPool2D(w, a)));
        t.Add(BuiltinOperator.L2_POOL_2D, n => Pool(n, (w, a) => new L2Pool2D(w, a)));
        t.Add(BuiltinOperator.RESIZE_BILINEAR, ResizeBilinear);
        t.Add(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, ResizeNearest);
        t.Add(BuiltinOperator.L2_NORMALIZATION, n => n.Emit(new L2Normalization(), n.Input(0)));
        t.Add(BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION, LocalResponseNormalization);
    }

    static void Reduce(NodeImport n, Func<ReduceAxes, Op> make)
    {
        bool keep = n.Options(Options.Reducer.Kind).Bool(Options.Reducer.KeepDims);
        int rank = n.ShapeOf(0).Rank;
        int[] axes = [.. n.Ints(1, "axes").Select(a => n.Axis(a, rank)).Distinct().Order()];
        n.Emit(make(new ReduceAxes(axes, keep)), n.Input(0));
    }

    static void Softmax(NodeImport n)
    {
        float beta = n.Options(Options.Softmax.Kind).Float(Options.Softmax.Beta);
        n.Emit(new Softmax(n.ShapeOf(0).Rank - 1, beta));
    }

    static void Pool(NodeImport n, Func<PoolWindow2D, Activation, Op> make)
    {
        FlatTable o = n.Options(Options.Pool2D.Kind);
        Shape x = n.ShapeOf(0);
        if (x.Rank != 4)
        {
            throw n.Fail($"takes a tensor of rank 4 (NHWC), gets {x}");
        }

        int padding = o.Byte(Options.Pool2D.Padding, 0);
        int kernelHeight = o.Int(Options.Pool2D.FilterHeight);
        int kernelWidth = o.Int(Options.Pool2D.FilterWidth);
        int strideHeight = o.Int(Options.Pool2D.StrideH);
        int strideWidth = o.Int(Options.Pool2D.StrideW);
        WindowPads rows = WindowPads.Of(n, padding, x[1], kernelHeight, strideHeight, dilation: 1);
        WindowPads columns = WindowPads.Of(n, padding, x[2], kernelWidth, strideWidth, dilation: 1);
        var window = new PoolWindow2D
        {
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideHeight = strideHeight,
            StrideWidth = strideWidth,
            PadTop = rows.Before,
            PadBottom = rows.After,
            PadLeft = columns.Before,
            PadRight = columns.After,
        };
        n.Emit(a => make(window, a), o.Byte(Options.Pool2D.FusedActivation, 0), n.Input(0));
    }

    static void ArgMax(NodeImport n)
    {
        int axis = n.Axis(n.Int(1, "axis"), n.ShapeOf(0).Rank);
        n.Emit(new ArgMax(axis, keepDims: false, n.OutType(0)), n.Input(0));
    }

    static void ArgMin(NodeImport n)
    {
        int axis = n.Axis(n.Int(1, "axis"), n.ShapeOf(0).Rank);
        n.Emit(new ArgMin(axis, keepDims: false, n.OutType(0)), n.Input(0));
    }

    static void CumSum(NodeImport n)
    {
        FlatTable o = n.Options(Options.Cumsum.Kind);
        int axis = n.Axis(n.Int(1, "axis"), n.ShapeOf(0).Rank);
        bool exclusive = o.Bool(Options.Cumsum.Exclusive);
        n.Emit(new CumSum(axis, exclusive, o.Bool(Options.Cumsum.Reverse)), n.Input(0));
    }

    static void ResizeBilinear(NodeImport n)
    {
        FlatTable o = n.Options(Options.ResizeBilinear.Kind);
        ResizeGrid grid = o.Bool(Options.ResizeBilinear.AlignCorners) ? ResizeGrid.AlignCorners
            : o.Bool(Options.ResizeBilinear.HalfPixelCenters) ? ResizeGrid.HalfPixelCenters
            : ResizeGrid.Legacy;
        (int height, int width) = Size(n);
        n.Emit(new ResizeBilinear(height, width, grid), n.Input(0));
    }

    static void ResizeNearest(NodeImport n)
    {
        FlatTable o = n.Options(Options.ResizeNearestNeighbor.Kind);
        (int height, int width) = Size(n);
        bool align = o.Bool(Options.ResizeNearestNeighbor.AlignCorners);
        bool half = o.Bool(Options.ResizeNearestNeighbor.HalfPixelCenters);
        n.Emit(new ResizeNearest(height, width, align, half), n.Input(0));
    }

    static (int Height, int Width) Size(NodeImport n) => n.Ints(1, "size") is [int h, int w]
        ? (h, w)
        : throw n.Fail("its size is not height and width");

    static void LocalResponseNormalization(NodeImport n)
    {
        FlatTable o = n.Options(Options.LocalResponseNormalization.Kind);
        n.Emit(new LocalResponseNormalization(
            o.Int(Options.LocalResponseNormalization.Radius),
            o.Float(Options.LocalResponseNormalization.Bias),
            o.Float(Options.LocalResponseNormalization.Alpha),
            o.Float(Options.LocalResponseNormalization.Beta)));
    }
}
