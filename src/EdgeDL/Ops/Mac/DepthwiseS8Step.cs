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
    readonly DepthwiseS8.Row kernel;
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
        kernel = DepthwiseS8.Best(c.Target);
        TensorView x = c.Input(0);
        TensorView w = c.Input(1);
        TensorView y = c.Output(0);
        weightFlip = w.DType == DType.UInt8 ? (byte)0x80 : (byte)0;
        weightZero = weightFlip == 0 ? 0 : w.Quant!.ZeroPoint - 128;
        long columns = kernel.PackedColumns(shape);
        bool isDynamic = x.DType == DType.Float32;
        bool hasRealBias = isDynamic && c.HasInput(2);
        packsEachRun = !c.IsConstant(1) || (c.HasInput(2) && !c.IsConstant(2));
        var parts = new BlockParts();
        nint blocksAt = parts.Add<short>(kernel.PackedShorts(shape));
        nint biasAt = parts.Add<int>(columns);
        nint sumsAt = parts.Add<int>(columns);
        nint scaleAt = parts.Add<float>(columns);
        nint realBiasAt = parts.Add<float>(hasRealBias ? columns : 0);
        PackedBlock block = packsEachRun
            ? c.Repacked(parts)
            : c.Packed(kernel.Layout, parts, [1, 2]);
        args = new DepthwiseS8.Args
        {
            Shape = shape,
            Blocks = block.At<short>(blocksAt),
            Bias = block.At<int>(biasAt),
            Sums = block.At<int>(sumsAt),
            Scale = block.At<float>(scaleAt),
            BiasF32 = hasRealBias ? block.At<float>(realBiasAt) : null,
        };
        if (isDynamic)
        {
            dynamic = new DynamicInput(c, shape.Batch);
            (args.Min, args.Max) = activation.Range();
            args.Input = (byte*)dynamic.Quantized;
            args.Ranges = dynamic.Ranges;
            args.OutputF32 = y.Pointer<float>();
            biasF32 = hasRealBias ? c.Input(2).Pointer<float>() : null;
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
        if (block.IsReady)
        {
            return;
        }

        weights = MacSteps.Bytes(c, w);
        scales = MacSteps.Scales(c, shape.OutChannels);
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
