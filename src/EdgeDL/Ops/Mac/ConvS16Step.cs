using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Depthwise;
using EdgeDL.Kernels.Quant;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>int16 activations × int8 weights; weights are read where they lie.</summary>
sealed unsafe class ConvS16Step : TiledStep
{
    readonly ConvS16.Work kernel = KernelRow.First(ConvS16.Rows()).Function;
    readonly ConvS16.Args args;
    readonly WorkerScratch scratch;

    public ConvS16Step(
        PrepareContext c, in ConvShape shape, Activation activation, WeightOrder order)
        : base(c.Workers, shape.Rows, 1, 1, (long)shape.Rows * shape.OutChannels * shape.Depth)
    {
        args = Bind(c, shape, activation);
        (args.ColumnStride, args.DepthStride) = order == WeightOrder.OutputMajor
            ? (shape.Depth, 1)
            : ((nint)1, shape.OutChannels);
        scratch = c.WorkerScratch(ConvS16.ScratchBytes(shape));
    }

    internal static ConvS16.Args Bind(PrepareContext c, in ConvShape shape, Activation activation)
    {
        int outputs = shape.OutChannels;
        TensorView y = c.Output(0);
        (int low, int high) = activation.Range(y.DType, y.Quant);
        var args = new ConvS16.Args
        {
            Shape = shape,
            Input = c.Input(0).Pointer<short>(),
            Output = y.Pointer<short>(),
            Weights = (sbyte*)MacSteps.PackedBytes(c, c.Input(1)),
            Multipliers = c.Pack<int>(outputs),
            Shifts = c.Pack<int>(outputs),
            Min = low,
            Max = high,
        };
        if (c.HasInput(2))
        {
            TensorView bias = c.Input(2);
            args.Bias32 = bias.DType == DType.Int32 ? bias.Pointer<int>() : null;
            args.Bias64 = bias.DType == DType.Int64 ? bias.Pointer<long>() : null;
        }

        Quantization w = c.Input(1).Quant!;
        double from = c.Input(0).Quant!.Scale;
        for (int o = 0; o < outputs; o++)
        {
            (args.Multipliers[o], args.Shifts[o]) =
                FixedPoint.QuantizeMultiplier(from * w.ScaleOf(o) / y.Quant!.Scale);
        }

        return args;
    }

    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker) =>
        kernel(args, rowBegin, rowEnd, scratch.Of(worker));
}

/// <summary>The same, depthwise.</summary>
sealed unsafe class DepthwiseS16Step : TiledStep
{
    readonly ConvS16.Args args;
    readonly short* zeros;
    readonly WorkerScratch scratch;

    public DepthwiseS16Step(PrepareContext c, in ConvShape shape, Activation activation)
        : base(c.Workers, shape.Rows, 1, 1, (long)shape.Rows * shape.OutChannels * shape.Taps)
    {
        args = ConvS16Step.Bind(c, shape, activation);
        zeros = c.Pack<short>(shape.InChannels);
        scratch = c.WorkerScratch(DepthwiseS16.ScratchBytes(shape));
    }

    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker) =>
        DepthwiseS16.Run(args, zeros, rowBegin, rowEnd, scratch.Of(worker));
}
