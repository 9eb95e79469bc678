using EdgeDL.Execution;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Winograd;

namespace EdgeDL.Ops;

/// <summary>fp32 convolution; weights are packed once if constant, else for each run.</summary>
sealed unsafe class ConvF32Step : TiledStep
{
    readonly ConvF32.Row kernel;
    readonly ConvF32.Args args;
    readonly float* weights;
    readonly float* bias;
    readonly nint columnStride;
    readonly nint depthStride;
    readonly bool packsEachRun;
    readonly WorkerScratch scratch;

    public ConvF32Step(
        PrepareContext c, in ConvShape shape, Activation activation, WeightOrder order)
        : this(c, shape, activation, order, Best(c, shape))
    {
    }

    ConvF32Step(
        PrepareContext c, in ConvShape shape, Activation activation, WeightOrder order,
        ConvF32.Row kernel)
        : base(
            c.Workers, kernel.Units(shape), kernel.TileRows, kernel.PanelCount(shape),
            (long)shape.Rows * shape.OutChannels * shape.Depth)
    {
        this.kernel = kernel;
        weights = c.Input(1).Pointer<float>();
        bias = c.HasInput(2) ? c.Input(2).Pointer<float>() : null;
        (columnStride, depthStride) = order == WeightOrder.OutputMajor
            ? (shape.Depth, 1)
            : ((nint)1, shape.OutChannels);
        (float low, float high) = activation.Range();
        packsEachRun = PacksEachRun(c);
        var parts = new BlockParts();
        nint panelsAt = parts.Add<float>(kernel.PackedFloats(shape));
        PackedBlock block = packsEachRun
            ? c.Repacked(parts)
            : c.Packed(kernel.Layout(shape), parts, [1, 2]);
        args = new ConvF32.Args
        {
            Shape = shape,
            Input = c.Input(0).Pointer<float>(),
            Output = c.Output(0).Pointer<float>(),
            Panels = block.At<float>(panelsAt),
            Min = low,
            Max = high,
        };
        scratch = c.WorkerScratch(kernel.ScratchBytes(shape));
        if (!packsEachRun && !block.IsReady)
        {
            Pack();
        }
    }

    // Weights that change are packed for each run: the direct panels take the least for it.
    static ConvF32.Row Best(PrepareContext c, in ConvShape shape)
    {
        ConvF32.Row direct = ConvF32.Best(c.Target);
        if (PacksEachRun(c) || !WinogradF32.Fits(shape))
        {
            return direct;
        }

        ConvF32.Row tiles = WinogradF32.Best(c.Target);
        (ConvF32.Row likely, ConvF32.Row other) =
            WinogradF32.Pays(shape, tiles.TileRows) ? (tiles, direct) : (direct, tiles);
        return c.Choose([likely.Layout(shape), other.Layout(shape)]) == 0 ? likely : other;
    }

    static bool PacksEachRun(PrepareContext c) =>
        !c.IsConstant(1) || (c.HasInput(2) && !c.IsConstant(2));

    void Pack() => kernel.Pack(args.Shape, weights, columnStride, depthStride, bias, args.Panels);

    protected override void Before()
    {
        if (packsEachRun)
        {
            Pack();
        }
    }

    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker) =>
        kernel.Run(args, rowBegin, rowEnd, panelBegin, panelEnd, scratch.Of(worker));
}
