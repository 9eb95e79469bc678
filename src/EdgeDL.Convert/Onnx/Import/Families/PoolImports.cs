using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Pooling over 1 to 3 spatial axes, and over all there are.</summary>
static class PoolImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("MaxPool", MaxPool);
        t.Add("AveragePool", AveragePool);
        t.Add("LpPool", LpPool);
        t.Add("MaxUnpool", MaxUnpool);
        t.Add("GlobalMaxPool", n => Global(n, axes => new ReduceMax(axes)));
        t.Add("GlobalAveragePool", n => Global(n, axes => new Mean(axes)));
        t.Add("GlobalLpPool", GlobalLpPool);
    }

    static void MaxPool(NodeImport n)
    {
        PoolWindow[] windows = Windows(n);
        if (n.Wants(1))
        {
            int[] both = n.AddMany(
                new PoolNd(PoolKind.Max, windows, 1, n.Flag("storage_order")), "pool", 2,
                ChannelsLast(n));
            n.SetOutput(0, n.ChannelsFirst(both[0]));
            n.SetOutput(1, n.ChannelsFirst(both[1]));
        }
        else if (Plain(n.ShapeOf(0), windows) is { } window)
        {
            EmitPlane(n, new MaxPool2D(window, Activation.None));
        }
        else
        {
            Emit(n, new PoolNd(PoolKind.Max, windows, 1, false));
        }
    }

    static void AveragePool(NodeImport n)
    {
        PoolWindow[] windows = Windows(n);
        bool countsPadding = n.Flag("count_include_pad")
            && Array.Exists(windows, w => w.PadBefore + w.PadAfter > 0);
        if (!countsPadding && Plain(n.ShapeOf(0), windows) is { } window)
        {
            EmitPlane(n, new AveragePool2D(window, Activation.None));
        }
        else
        {
            PoolKind kind = countsPadding ? PoolKind.AverageWithPadding : PoolKind.Average;
            Emit(n, new PoolNd(kind, windows, 1, false));
        }
    }

    static void LpPool(NodeImport n) =>
        Emit(n, new PoolNd(PoolKind.Norm, Windows(n), Power(n), false));

    // A float until version 2.
    static float Power(NodeImport n) => n.Opset < 2 ? n.Float("p", 2) : n.Int("p", 2);

    static void Global(NodeImport n, Func<ReduceAxes, Op> make)
    {
        int x = n.ChannelsLast(n.Input(0));
        n.SetOutput(0, n.ChannelsFirst(n.Add(make(Spatial(n)), "pool", x)));
    }

    // The axes between batch and channels.
    static ReduceAxes Spatial(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        return x.Rank >= 2
            ? new([.. Enumerable.Range(1, x.Rank - 2)], KeepDims: true)
            : throw n.Fail($"it pools [N, C, …], gets {x}");
    }

    static void GlobalLpPool(NodeImport n)
    {
        float p = Power(n);
        if (p is 1 or 2)
        {
            Global(n, axes => p == 1 ? new ReduceL1(axes) : new ReduceL2(axes));
            return;
        }

        int x = n.ChannelsLast(n.Input(0));
        int power = n.Scalar("power", p, DType.Float32);
        int sum = n.Add(new Sum(Spatial(n)), "sum",
            n.Add(new Pow(), "powers", n.Add(new Abs(), "sizes", x), power));
        int root = n.Scalar("root", 1.0 / p, DType.Float32);
        n.SetOutput(0, n.ChannelsFirst(n.Add(new Pow(), "pool", sum, root)));
    }

    // Indices count in the smallest output that fits; a larger one has zeros behind.
    static void MaxUnpool(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        SpatialAxis[] axes = SpatialAxis.Of(n, n.Ints("kernel_shape"));
        int[] dims = x.ToArray();
        for (int i = 0; i < axes.Length; i++)
        {
            SpatialAxis a = axes[i];
            long extent = (a.Input - 1L) * a.Stride - a.Before - a.After + a.Kernel;
            dims[i + 2] = (int)Math.Clamp(extent, -1, int.MaxValue);
        }

        Shape y = TensorData.ShapeOf([.. dims], n.Place);
        int zeros = n.Add(
            new ConstantFill([y.Elements]), "zeros", n.Scalar("zero", 0, n.In(0).DType));
        int flat = n.Add(
            new ScatterElements(0, ScatterKind.Replace), "scattered", zeros,
            n.Reshape(n.Input(1), x.Elements), n.Reshape(n.Input(0), x.Elements));
        int unpooled = n.Reshape(flat, dims);
        if (n.Has(2))
        {
            int[] wanted = n.Ints(2, "output shape");
            if (wanted.Length != dims.Length || wanted.Zip(dims).Any(p => p.First < p.Second))
            {
                throw n.Fail($"an output shape of [{string.Join("x", wanted)}] does not hold {y}");
            }

            int[] after = [.. wanted.Zip(dims, (w, d) => w - d)];
            unpooled = n.Add(new Pad(new int[dims.Length], after), "padded", unpooled);
        }

        n.SetOutput(0, unpooled);
    }

    static PoolWindow[] Windows(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        if (x.Rank is < 3 or > 5)
        {
            throw n.Unsupported($"it pools {x}", "1 to 3 spatial axes are supported");
        }

        SpatialAxis[] axes = SpatialAxis.Padded(n, n.Ints("kernel_shape"));
        bool isFixed = SpatialAxis.AutoPad(n).StartsWith("SAME", StringComparison.Ordinal);
        bool ceils = n.Flag("ceil_mode") && !isFixed;
        return Array.ConvertAll(axes, a => Window(n, a, ceils));
    }

    static PoolWindow Window(NodeImport n, SpatialAxis a, bool ceils)
    {
        long free = (long)a.Input + a.Before + a.After - a.Extent;
        if (free < 0 && !(ceils && free > -a.Stride))
        {
            throw n.Fail($"a window of {a.Kernel} does not fit into {a.Input} + {a.Before} "
                + $"+ {a.After}");
        }

        long output = (ceils ? (free + a.Stride - 1) / a.Stride : free / a.Stride) + 1;
        // A window must start before the padding behind.
        if (ceils && (output - 1) * a.Stride >= (long)a.Input + a.Before)
        {
            output--;
        }

        return new(a.Kernel, a.Stride, a.Dilation, a.Before, a.After, (int)output);
    }

    // The window as the fast 2-D pools take it, or null.
    static PoolWindow2D? Plain(Shape x, PoolWindow[] windows)
    {
        if (windows.Length > 2)
        {
            return null;
        }

        PoolWindow width = windows[^1];
        PoolWindow height = windows.Length == 2 ? windows[0] : new(1, 1, 1, 0, 0, 1);
        (int bottom, int right) = (Behind(height, windows.Length == 2 ? x[2] : 1),
            Behind(width, x[-1]));
        return bottom < 0 || right < 0 ? null : new PoolWindow2D
        {
            KernelHeight = height.Kernel,
            KernelWidth = width.Kernel,
            StrideHeight = height.Stride,
            StrideWidth = width.Stride,
            PadTop = height.PadBefore,
            PadLeft = width.PadBefore,
            PadBottom = bottom,
            PadRight = right,
        };
    }

    // Padding that never counts is as large as the last window needs; −1 if that is too large.
    static int Behind(PoolWindow w, int input)
    {
        long needed = ((w.Output - 1L) * w.Stride) + w.Kernel - input - w.PadBefore;
        bool fits = w.Dilation == 1 && w.PadBefore < w.Kernel && needed < w.Kernel;
        return fits ? (int)Math.Max(needed, 0) : -1;
    }

    static void Emit(NodeImport n, Op op) =>
        n.SetOutput(0, n.ChannelsFirst(n.Add(op, "channels-last", ChannelsLast(n))));

    // [N, C, W] is [N, C, 1, W].
    static void EmitPlane(NodeImport n, Op op)
    {
        Shape x = n.ShapeOf(0);
        int plane = x.Rank == 3 ? n.Reshape(n.Input(0), x[0], x[1], 1, x[2]) : n.Input(0);
        int y = n.ChannelsFirst(n.Add(op, "channels-last", n.ChannelsLast(plane)));
        Shape shape = n[y].Shape;
        n.SetOutput(0, x.Rank == 3 ? n.Reshape(y, shape[0], shape[1], shape[3]) : y);
    }

    static int ChannelsLast(NodeImport n) => n.ChannelsLast(n.Input(0));
}
