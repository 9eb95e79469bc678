using EdgeDL.Execution;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Depthwise;

namespace EdgeDL.Ops;

/// <summary>fp32 depthwise convolution; weights are packed once if constant, else for each run.
/// </summary>
sealed unsafe class DepthwiseF32Step : TiledStep
{
    readonly DepthwiseF32.Row kernel;
    readonly DepthwiseF32.Args args;
    readonly float* weights;
    readonly float* bias;
    readonly bool packsEachRun;
    readonly WorkerScratch scratch;

    public DepthwiseF32Step(PrepareContext c, in ConvShape shape, Activation activation)
        : base(
            c.Workers, shape.Batch * shape.OutHeight, 1, 1,
            DepthwiseWeight * (long)shape.Rows * shape.OutChannels * shape.Taps)
    {
        kernel = DepthwiseF32.Best(c.Target);
        (float low, float high) = activation.Range();
        packsEachRun = !c.IsConstant(1) || (c.HasInput(2) && !c.IsConstant(2));
        var parts = new BlockParts();
        nint blocksAt = parts.Add<float>(kernel.PackedFloats(shape));
        PackedBlock block = packsEachRun
            ? c.Repacked(parts)
            : c.Packed(kernel.Layout, parts, [1, 2]);
        weights = c.Input(1).Pointer<float>();
        bias = c.HasInput(2) ? c.Input(2).Pointer<float>() : null;
        args = new DepthwiseF32.Args
        {
            Shape = shape,
            Input = c.Input(0).Pointer<float>(),
            Output = c.Output(0).Pointer<float>(),
            Blocks = block.At<float>(blocksAt),
            Min = low,
            Max = high,
        };
        scratch = c.WorkerScratch(kernel.ScratchBytes(shape));
        if (!packsEachRun && !block.IsReady)
        {
            Pack();
        }
    }

    void Pack() => kernel.Pack(args.Shape, weights, bias, args.Blocks);

    protected override void Before()
    {
        if (packsEachRun)
        {
            Pack();
        }
    }

    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker) =>
        kernel.Run(args, rowBegin, rowEnd, scratch.Of(worker));
}
