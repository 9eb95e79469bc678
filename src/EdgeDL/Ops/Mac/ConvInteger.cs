using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[n,h,w,o] = Σ (x[n, h·s + i·d − pad, …, c] − zeroX) · (k[o,i,j,c] − zeroW) in wrapping Int32:
/// x NHWC and weights OHWI in Int8 or UInt8; what is padded counts as zeroX. Groups = C / I.
/// Inputs 2 and 3 are the zero points.
/// </summary>
/// <remarks>ONNX ConvInteger-10.</remarks>
public sealed class ConvInteger(ConvWindow2D window) : Op, IOp<ConvInteger>
{
    const long MaxDepth = 1 << 28;

    public static OpCode Code => OpCode.ConvInteger;

    public override OpCode OpCode => Code;

    public ConvWindow2D Window => window;

    public static ConvInteger Read(ref AttributeReader a) => new(ConvWindow2D.Read(ref a));

    public override void Write(ref AttributeWriter a) => window.Write(ref a);

    public override void Infer(InferContext c)
    {
        IntegerOperands.Check(c);
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        MacShapes.CheckRanks(c, x, w, 4);
        MacShapes.Groups(c, x[3], w[3], w[0]);
        long depth = (long)w[1] * w[2] * w[3];
        if (depth > MaxDepth)
        {
            c.Fail($"sums {depth} products a value, at most {MaxDepth} are supported");
        }

        int[] dims =
        [
            x[0], window.Height.Output(c, x[1], w[1]), window.Width.Output(c, x[2], w[2]), w[0],
        ];
        if (Shape.Problem(dims) is { } problem)
        {
            c.Fail(problem);
        }

        var y = new Shape(dims);
        c.SetOutput(0, DType.Int32, y);
        c.Macs(y.Elements * depth);
    }

    public override Step? Prepare(PrepareContext c)
    {
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        return new ConvIntegerStep(
            c, window.Bind(x, c.Output(0).Shape, w[1], w[2], x[3] / w[3]),
            ConvS8.Best(c.Target));
    }
}

sealed unsafe class ConvIntegerStep : TiledStep
{
    readonly ConvS8.Row kernel;
    readonly byte* weights;
    readonly byte weightFlip;
    readonly byte* zeroX;
    readonly byte* zeroW;
    readonly float* noScale;
    readonly bool packsEachRun;
    readonly WorkerScratch scratch;
    ConvS8.Args args;

    public ConvIntegerStep(PrepareContext c, in ConvShape shape, ConvS8.Row kernel)
        : base(
            c.Workers, shape.Rows, kernel.TileRows, kernel.PanelCount(shape),
            (long)shape.Rows * shape.OutChannels * shape.Depth)
    {
        this.kernel = kernel;
        weights = c.Input(1).Data;
        weightFlip = IntegerOperands.Flip(c.Input(1));
        zeroX = IntegerOperands.Zero(c, 0);
        zeroW = IntegerOperands.Zero(c, 1);
        int columns = kernel.PackedColumns(shape);
        packsEachRun = !c.IsConstant(1);
        var parts = new BlockParts();
        nint panelsAt = parts.Add<sbyte>(kernel.PackedBytes(shape));
        nint sumsAt = parts.Add<int>(columns);
        PackedBlock block = packsEachRun
            ? c.Repacked(parts)
            : c.Packed(
                kernel.Layout(shape) with { Kind = PackedKind.IntegerS8 }, parts, [1]);
        args = new ConvS8.Args
        {
            Shape = shape,
            Input = c.Input(0).Data,
            InputFlip = IntegerOperands.Flip(c.Input(0)),
            Panels = block.At<sbyte>(panelsAt),
            Bias = c.Pack<int>(columns),
            Sums = block.At<int>(sumsAt),
            Scale = c.Pack<float>(columns),
            OutputS32 = c.Output(0).Pointer<int>(),
        };
        noScale = c.Pack<float>(shape.OutChannels);
        scratch = c.WorkerScratch(kernel.ScratchBytes(shape));
        if (!packsEachRun && !block.IsReady)
        {
            Pack();
        }
    }

    void Pack() => kernel.Pack(args, weights, weightFlip, null, noScale);

    protected override void Before()
    {
        if (packsEachRun)
        {
            Pack();
        }

        args.InputZero = IntegerOperands.Zero(zeroX, args.InputFlip);
        args.WeightZero = IntegerOperands.Zero(zeroW, weightFlip);
        kernel.FoldZeros(args, kernel.PackedColumns(args.Shape));
    }

    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker) =>
        kernel.Run(
            args, rowBegin, rowEnd, panelBegin, panelEnd, scratch.Of(worker));
}
