using EdgeDL.Execution;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Depthwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// int8 or uint8 depthwise convolution, or fp32 with int8 weights (activations quantized into the
/// step's scratch first).
/// </summary>
sealed unsafe class DepthwiseS8Step : TiledStep
{
    readonly DepthwiseS8.Row kernel = DepthwiseS8.Best();
    readonly DepthwiseS8.Args args;
    readonly DynamicInput? dynamic;
    readonly byte* weights;
    readonly byte weightFlip;
    readonly int weightZero;
    readonly int* bias;
    readonly float* biasF32;
    readonly float* scales;
    readonly bool packsEachRun;
    readonly WorkerScratch scratch;

    public DepthwiseS8Step(PrepareContext c, in ConvShape shape, Activation activation)
        : base(c.Workers, shape.Batch * shape.OutHeight, 1, 1,
            DepthwiseWeight * (long)shape.Rows * shape.OutChannels * shape.Taps)
    {
        TensorView x = c.Input(0);
        TensorView w = c.Input(1);
        TensorView y = c.Output(0);
        weights = MacSteps.Bytes(c, w);
        weightFlip = w.DType == DType.UInt8 ? (byte)0x80 : (byte)0;
        weightZero = weightFlip == 0 ? 0 : w.Quant!.ZeroPoint - 128;
        long columns = kernel.PackedColumns(shape);
        bool isDynamic = x.DType == DType.Float32;
        args = new DepthwiseS8.Args
        {
            Shape = shape,
            Blocks = c.Pack<short>(kernel.PackedShorts(shape)),
            Bias = c.Pack<int>(columns),
            Sums = c.Pack<int>(columns),
            Scale = c.Pack<float>(columns),
        };
        if (isDynamic)
        {
            dynamic = new DynamicInput(c, shape.Batch);
            (args.Min, args.Max) = activation.Range();
            args.Input = (byte*)dynamic.Quantized;
            args.Ranges = dynamic.Ranges;
            args.OutputF32 = y.Pointer<float>();
            if (c.HasInput(2))
            {
                biasF32 = c.Input(2).Pointer<float>();
                args.BiasF32 = c.Pack<float>(columns);
            }
        }
        else
        {
            (int low, int high) = activation.Range(y.DType, y.Quant);
            args.Input = x.Data;
            args.InputFlip = x.DType == DType.UInt8 ? (byte)0x80 : (byte)0;
            args.InputZero = x.Quant!.ZeroPoint - args.InputFlip;
            args.Output = y.Data;
            args.Range = new(y.Quant!.ZeroPoint, low, high);
            bias = c.HasInput(2) ? c.Input(2).Pointer<int>() : null;
        }

        scratch = c.WorkerScratch(kernel.ScratchBytes(shape));
        packsEachRun = !c.IsConstant(1) || (c.HasInput(2) && !c.IsConstant(2));
        float[] values = MacSteps.Scales(c, shape.OutChannels);
        scales = c.Pack<float>(values.Length);
        values.CopyTo(new Span<float>(scales, values.Length));
        if (!packsEachRun)
        {
            Pack();
        }
    }

    void Pack()
    {
        kernel.Pack(args, weights, weightFlip, weightZero, bias, scales);
        if (biasF32 != null)
        {
            kernel.PackBias(args, biasF32);
        }
    }

    protected override void Before()
    {
        if (packsEachRun)
        {
            Pack();
        }

        dynamic?.Quantize();
    }

    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker) =>
        kernel.Run(args, rowBegin, rowEnd, scratch.Of(worker));
}
