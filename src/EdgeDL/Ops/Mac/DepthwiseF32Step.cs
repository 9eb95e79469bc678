using EdgeDL.Execution;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Depthwise;

namespace EdgeDL.Ops;

/// <summary>fp32 depthwise convolution; weights are read where they lie.</summary>
sealed unsafe class DepthwiseF32Step : TiledStep
{
    readonly DepthwiseF32.Row kernel = DepthwiseF32.Best();
    readonly DepthwiseF32.Args args;
    readonly byte* scratch;
    readonly long scratchStride;

    public DepthwiseF32Step(PrepareContext c, in ConvShape shape, Activation activation)
        : base(c.Workers, shape.Rows, 1, 1, (long)shape.Rows * shape.OutChannels * shape.Taps)
    {
        (float low, float high) = activation.Range();
        args = new DepthwiseF32.Args
        {
            Shape = shape,
            Input = c.Input(0).Pointer<float>(),
            Output = c.Output(0).Pointer<float>(),
            Weights = c.Input(1).Pointer<float>(),
            Bias = c.HasInput(2) ? c.Input(2).Pointer<float>() : c.Pack<float>(shape.OutChannels),
            Zeros = c.Pack<float>(shape.InChannels),
            Min = low,
            Max = high,
        };
        scratch = MacSteps.PerWorker(c, kernel.ScratchBytes(shape), out scratchStride);
    }

    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker) =>
        kernel.Run(args, rowBegin, rowEnd, scratch + worker * scratchStride);
}
