using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Reductions, softmax, pooling, resize, normalisation, detection.</summary>
static class ReduceImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.MEAN, n => Reduce(n, axes => new Mean(axes)));
        t.Add(BuiltinOperator.SUM, n => Reduce(n, axes => new Sum(axes)));
        t.Add(BuiltinOperator.SOFTMAX, Softmax);
        t.Add(BuiltinOperator.LOG_SOFTMAX, n => n.Emit(new LogSoftmax(n.ShapeOf(0).Rank - 1)));
        t.Add(BuiltinOperator.AVERAGE_POOL_2D, n => Pool(n, (w, a) => new AveragePool2D(w, a)));
        t.Add(BuiltinOperator.MAX_POOL_2D, n => Pool(n, (w, a) => new MaxPool2D(w, a)));
        t.Add(BuiltinOperator.L2_POOL_2D, n => Pool(n, (w, a) => new L2Pool2D(w, a)));
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
}
