using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Quant;
using EdgeDL.Kernels.Winograd;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// int8 or uint8 convolution, or fp32 with int8 weights (activations quantized into the step's
/// scratch first). Weights are packed once if they are constant, else for each run.
/// </summary>
sealed unsafe class ConvS8Step : TiledStep
{
    readonly ConvS8.Row kernel;
    readonly ConvS8.Args args;
    readonly DynamicInput? dynamic;
    readonly byte* weights;
    readonly byte weightFlip;
    readonly int* bias;
    readonly float* biasF32;
    readonly float* scales;
    readonly nint columnStride;
    readonly nint depthStride;
    readonly bool packsEachRun;
    readonly WorkerScratch scratch;

    public ConvS8Step(
        PrepareContext c, in ConvShape shape, Activation activation, WeightOrder order)
        : this(c, shape, activation, order, Best(c, shape))
    {
    }

    ConvS8Step(
        PrepareContext c, in ConvShape shape, Activation activation, WeightOrder order,
        ConvS8.Row kernel)
        : base(
            c.Workers, kernel.Units(shape), kernel.TileRows, kernel.PanelCount(shape),
            (long)shape.Rows * shape.OutChannels * shape.Depth)
    {
        this.kernel = kernel;
        TensorView x = c.Input(0);
        TensorView w = c.Input(1);
        TensorView y = c.Output(0);
        weightFlip = w.DType == DType.UInt8 ? (byte)0x80 : (byte)0;
        (columnStride, depthStride) = order == WeightOrder.OutputMajor
            ? (shape.Depth, 1)
            : ((nint)1, shape.OutChannels);
        bool hasRealBias = x.DType == DType.Float32 && c.HasInput(2);
        packsEachRun = PacksEachRun(c);
        int columns = kernel.PackedColumns(shape);
        var parts = new BlockParts();
        nint panelsAt = parts.Add<sbyte>(kernel.PackedBytes(shape));
        nint biasAt = parts.Add<int>(columns);
        nint sumsAt = parts.Add<int>(columns);
        nint scaleAt = parts.Add<float>(columns);
        nint realBiasAt = parts.Add<float>(hasRealBias ? columns : 0);
        PackedBlock block = packsEachRun
            ? c.Repacked(parts)
            : c.Packed(kernel.Layout(shape), parts, [1, 2]);
        args = new ConvS8.Args
        {
            Shape = shape,
            Panels = block.At<sbyte>(panelsAt),
            Bias = block.At<int>(biasAt),
            Sums = block.At<int>(sumsAt),
            Scale = block.At<float>(scaleAt),
            BiasF32 = hasRealBias ? block.At<float>(realBiasAt) : null,
            WeightZero = WeightZero(w),
        };
        if (x.DType == DType.Float32)
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

    // Weights that change are packed for each run: the direct panels take the least for it.
    static ConvS8.Row Best(PrepareContext c, in ConvShape shape)
    {
        ConvS8.Row direct = ConvS8.Best(c.Target);
        bool isDynamic = c.Input(0).DType == DType.Float32;
        if (isDynamic || PacksEachRun(c) || !WinogradS8.Fits(shape, WeightZero(c.Input(1)))
            || WinogradS8.Best(c.Target) is not { } tiles)
        {
            return direct;
        }

        (ConvS8.Row likely, ConvS8.Row other) =
            WinogradS8.Pays(shape, c.Target) ? (tiles, direct) : (direct, tiles);
        return c.Choose([likely.Layout(shape), other.Layout(shape)]) == 0 ? likely : other;
    }

    static bool PacksEachRun(PrepareContext c) =>
        !c.IsConstant(1) || (c.HasInput(2) && !c.IsConstant(2));

    // As int8.
    static int WeightZero(TensorView w) =>
        w.DType == DType.UInt8 ? w.Quant!.ZeroPoint - 128 : 0;

    void Pack()
    {
        kernel.Pack(args, weights, columnStride, depthStride, weightFlip, bias, scales);
        if (biasF32 != null)
        {
            kernel.PackBias(args, biasF32);
        }
    }

    protected override void Before()
    {
        dynamic?.Quantize();
        if (packsEachRun)
        {
            Pack();
        }
    }

    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker) =>
        kernel.Run(
            args, rowBegin, rowEnd, panelBegin, panelEnd, scratch.Of(worker));
}
