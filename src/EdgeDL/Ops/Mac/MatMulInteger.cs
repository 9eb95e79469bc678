using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[…, m, n] = Σ_k (x[…, m, k] − zeroX) · (w[…, k, n] − zeroW) in wrapping Int32, x and w Int8 or
/// UInt8; the axes before the last two broadcast. Inputs 2 and 3 are the zero points.
/// </summary>
/// <remarks>ONNX MatMulInteger-10.</remarks>
public sealed class MatMulInteger : Op, IOp<MatMulInteger>
{
    const int MaxDepth = 1 << 28;

    public static OpCode Code => OpCode.MatMulInteger;

    public override OpCode OpCode => Code;

    public static MatMulInteger Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        IntegerOperands.Check(c);
        Shape x = c.Input(0).Shape;
        Shape w = c.Input(1).Shape;
        if (x.Rank < 2 || w.Rank < 2 || x.Elements == 0 || w.Elements == 0 || x[-1] != w[-2]
            || x[-1] > MaxDepth)
        {
            c.Fail($"takes matrices or batches of them, gets {x} and {w}");
        }

        MatMulBatches batches = MatMulBatches.Of(x, w, adjointX: false, adjointY: false);
        if (batches.Problem is { } problem)
        {
            c.Fail(problem);
        }

        var y = new Shape(batches.Output);
        c.SetOutput(0, DType.Int32, y);
        c.Macs((long)y.Elements * batches.Depth);
    }

    public override Step? Prepare(PrepareContext c) => new MatMulIntegerStep(
        c, MatMulBatches.Of(c.Input(0).Shape, c.Input(1).Shape, adjointX: false, adjointY: false),
        ConvS8.Best(c.Target));
}

sealed unsafe class MatMulIntegerStep : MatMulStep
{
    readonly MatMulBatches batches;
    readonly ConvS8.Row kernel;
    readonly byte* w;
    readonly byte weightFlip;
    readonly byte* zeroX;
    readonly byte* zeroW;
    readonly int matrices;
    readonly long panelBytes;
    readonly int panelColumns;
    readonly float* noScale;
    readonly bool packsEachRun;
    readonly WorkerScratch scratch;
    ConvS8.Args args;

    public MatMulIntegerStep(PrepareContext c, MatMulBatches batches, ConvS8.Row kernel)
        : base(c, batches, kernel.TileRows)
    {
        this.batches = batches;
        this.kernel = kernel;
        w = c.Input(1).Data;
        weightFlip = IntegerOperands.Flip(c.Input(1));
        zeroX = IntegerOperands.Zero(c, 0);
        zeroW = IntegerOperands.Zero(c, 1);
        matrices = c.Input(1).Elements / (batches.Depth * batches.Columns);
        var shape = ConvShape.MatMul(batches.Rows, batches.Depth, batches.Columns);
        panelBytes = kernel.PackedBytes(shape);
        panelColumns = kernel.PackedColumns(shape);
        packsEachRun = !c.IsConstant(1);
        var parts = new BlockParts();
        nint panelsAt = parts.Add<sbyte>(checked(panelBytes * matrices));
        nint sumsAt = parts.Add<int>((long)panelColumns * matrices);
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
            Bias = c.Pack<int>((long)panelColumns * matrices),
            Sums = block.At<int>(sumsAt),
            Scale = c.Pack<float>(panelColumns),
            OutputS32 = c.Output(0).Pointer<int>(),
        };
        noScale = c.Pack<float>(batches.Columns);
        scratch = c.WorkerScratch(kernel.ScratchBytes(shape));
        if (!packsEachRun && !block.IsReady)
        {
            Pack();
        }
    }

    ConvS8.Args With(int matrix)
    {
        ConvS8.Args one = args;
        one.Panels += matrix * panelBytes;
        one.Bias += (nint)matrix * panelColumns;
        one.Sums += (nint)matrix * panelColumns;
        return one;
    }

    void Pack()
    {
        for (int i = 0; i < matrices; i++)
        {
            kernel.Pack(
                With(i), w + ((nint)i * batches.Depth * batches.Columns), 1, batches.Columns,
                weightFlip, null, noScale);
        }
    }

    protected override void Before()
    {
        if (packsEachRun)
        {
            Pack();
        }

        args.InputZero = IntegerOperands.Zero(zeroX, args.InputFlip);
        args.WeightZero = IntegerOperands.Zero(zeroW, weightFlip);
        for (int i = 0; i < matrices; i++)
        {
            kernel.FoldZeros(With(i), panelColumns);
        }
    }

    protected override void Matrix(int batch, int from, int with, int begin, int end, int worker)
    {
        ConvS8.Args one = With(with);
        one.Input += (nint)from * batches.Rows * batches.Depth;
        one.OutputS32 += (nint)batch * batches.Rows * batches.Columns;
        kernel.Run(
            one, begin, end, 0, kernel.PanelCount(one.Shape), scratch.Of(worker));
    }
}
