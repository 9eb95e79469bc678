using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.MatMul;
using EdgeDL.Kernels.Quant;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>A batched product, split over the rows of all its matrices.</summary>
abstract unsafe class MatMulStep(PrepareContext c, MatMulBatches batches, int tileRows)
    : TiledStep(
        c.Workers, batches.AllRows, tileRows, 1,
        (long)batches.AllRows * batches.Columns * batches.Depth)
{
    protected sealed override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker)
    {
        int rows = batches.Rows;
        for (int begin = rowBegin; begin < rowEnd;)
        {
            int batch = begin / rows;
            int end = Math.Min(rowEnd, (batch + 1) * rows);
            Matrix(
                batch, batches.FromX(batch), batches.FromW(batch), begin - batch * rows,
                end - batch * rows, worker);
            begin = end;
        }
    }

    /// <summary>Rows of one matrix of the output.</summary>
    protected abstract void Matrix(int batch, int x, int w, int begin, int end, int worker);

    /// <summary>to[j, i] = from[i, j] for each of <paramref name="count"/> matrices.</summary>
    protected static void Transpose<T>(T* from, T* to, int count, int rows, int columns)
        where T : unmanaged
    {
        for (int b = 0; b < count; b++)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    to[(nint)j * rows + i] = *from++;
                }
            }

            to += (nint)rows * columns;
        }
    }
}

sealed unsafe class MatMulF32Step : MatMulStep
{
    readonly MatMulBatches batches;
    readonly ConvF32.Row kernel;
    readonly ConvF32.Args args;
    readonly TensorView x;
    readonly TensorView w;
    readonly long panelFloats;
    readonly float* transposed;
    readonly bool packsEachRun;
    readonly WorkerScratch scratch;

    public MatMulF32Step(PrepareContext c, MatMulBatches batches)
        : this(c, batches, ConvF32.Best(c.Target))
    {
    }

    MatMulF32Step(PrepareContext c, MatMulBatches batches, ConvF32.Row kernel)
        : base(c, batches, kernel.TileRows)
    {
        this.batches = batches;
        this.kernel = kernel;
        x = c.Input(0);
        w = c.Input(1);
        var shape = ConvShape.MatMul(batches.Rows, batches.Depth, batches.Columns);
        panelFloats = kernel.PackedFloats(shape);
        transposed = batches.AdjointX ? (float*)c.ScratchPointer : null;
        packsEachRun = !c.IsConstant(1);
        var parts = new BlockParts();
        nint panelsAt = parts.Add<float>(checked(panelFloats * WeightCount));
        PackedBlock block = packsEachRun
            ? c.Repacked(parts)
            : c.Packed(kernel.Layout(shape), parts, [1]);
        args = new ConvF32.Args
        {
            Shape = shape,
            Input = batches.AdjointX ? transposed : x.Pointer<float>(),
            Output = c.Output(0).Pointer<float>(),
            Panels = block.At<float>(panelsAt),
            Min = float.NegativeInfinity,
            Max = float.PositiveInfinity,
        };
        scratch = c.WorkerScratch(kernel.ScratchBytes(shape));
        if (!packsEachRun && !block.IsReady)
        {
            Pack();
        }
    }

    int WeightCount => w.Elements / (batches.Depth * batches.Columns);

    void Pack()
    {
        (nint column, nint depth) = batches.AdjointY
            ? (batches.Depth, 1)
            : ((nint)1, batches.Columns);
        for (int i = 0; i < WeightCount; i++)
        {
            kernel.Pack(
                args.Shape, w.Pointer<float>() + (nint)i * batches.Depth * batches.Columns, column,
                depth, null, args.Panels + i * panelFloats);
        }
    }

    protected override void Before()
    {
        if (packsEachRun)
        {
            Pack();
        }

        if (batches.AdjointX)
        {
            Transpose(
                x.Pointer<float>(), transposed, x.Elements / (batches.Rows * batches.Depth),
                batches.Depth, batches.Rows);
        }
    }

    protected override void Matrix(int batch, int from, int with, int begin, int end, int worker)
    {
        ConvF32.Args one = args;
        one.Input += (nint)from * batches.Rows * batches.Depth;
        one.Panels += with * panelFloats;
        one.Output += (nint)batch * batches.Rows * batches.Columns;
        kernel.Run(
            one, begin, end, 0, kernel.PanelCount(one.Shape), scratch.Of(worker));
    }
}

sealed unsafe class MatMulS8Step : MatMulStep
{
    readonly MatMulBatches batches;
    readonly ConvS8.Row kernel;
    readonly ConvS8.Args args;
    readonly TensorView x;
    readonly TensorView w;
    readonly sbyte* y;
    readonly long panelBytes;
    readonly int panelColumns;
    readonly float* noScale;
    readonly byte* transposed;
    readonly bool packsEachRun;
    readonly WorkerScratch scratch;
    readonly int multiplier;
    readonly int shift;

    public MatMulS8Step(PrepareContext c, MatMulBatches batches)
        : this(c, batches, ConvS8.Best(c.Target))
    {
    }

    MatMulS8Step(PrepareContext c, MatMulBatches batches, ConvS8.Row kernel)
        : base(c, batches, kernel.TileRows)
    {
        this.batches = batches;
        this.kernel = kernel;
        x = c.Input(0);
        w = c.Input(1);
        TensorView output = c.Output(0);
        y = output.Pointer<sbyte>();
        var shape = ConvShape.MatMul(batches.Rows, batches.Depth, batches.Columns);
        panelBytes = kernel.PackedBytes(shape);
        panelColumns = kernel.PackedColumns(shape);
        long sumsBytes = (4L * output.Elements + 63) & ~63L;
        transposed = batches.AdjointX ? c.ScratchPointer + sumsBytes : null;
        packsEachRun = !c.IsConstant(1);
        var parts = new BlockParts();
        nint panelsAt = parts.Add<sbyte>(checked(panelBytes * WeightCount));
        nint biasAt = parts.Add<int>((long)panelColumns * WeightCount);
        nint sumsAt = parts.Add<int>(panelColumns);
        nint scaleAt = parts.Add<float>(panelColumns);
        PackedBlock block = packsEachRun
            ? c.Repacked(parts)
            : c.Packed(kernel.Layout(shape), parts, [1]);
        args = new ConvS8.Args
        {
            Shape = shape,
            Input = batches.AdjointX ? transposed : x.Data,
            InputZero = x.Quant!.ZeroPoint,
            WeightZero = w.Quant!.ZeroPoint,
            Panels = block.At<sbyte>(panelsAt),
            Bias = block.At<int>(biasAt),
            Sums = block.At<int>(sumsAt),
            Scale = block.At<float>(scaleAt),
            OutputS32 = (int*)c.ScratchPointer,
            Range = new(output.Quant!.ZeroPoint, -128, 127),
        };
        noScale = block.IsReady ? null : c.Pack<float>(batches.Columns);
        // The product of the two scales is taken in fp32, as TensorFlow Lite does.
        double real = (double)(x.Quant.Scale * w.Quant.Scale) / output.Quant.Scale;
        (multiplier, shift) = FixedPoint.QuantizeMultiplier(real);
        scratch = c.WorkerScratch(kernel.ScratchBytes(shape));
        if (!packsEachRun && !block.IsReady)
        {
            Pack();
        }
    }

    int WeightCount => w.Elements / (batches.Depth * batches.Columns);

    void Pack()
    {
        (nint column, nint depth) = batches.AdjointY
            ? (batches.Depth, 1)
            : ((nint)1, batches.Columns);
        for (int i = 0; i < WeightCount; i++)
        {
            ConvS8.Args one = args;
            one.Panels += i * panelBytes;
            one.Bias += (nint)i * panelColumns;
            kernel.Pack(
                one, w.Data + (nint)i * batches.Depth * batches.Columns, column, depth, 0, null,
                noScale);
        }
    }

    protected override void Before()
    {
        if (packsEachRun)
        {
            Pack();
        }

        if (batches.AdjointX)
        {
            Transpose(
                x.Data, transposed, x.Elements / (batches.Rows * batches.Depth), batches.Depth,
                batches.Rows);
        }
    }

    protected override void Matrix(int batch, int from, int with, int begin, int end, int worker)
    {
        nint first = (nint)batch * batches.Rows * batches.Columns;
        ConvS8.Args one = args;
        one.Input += (nint)from * batches.Rows * batches.Depth;
        one.Panels += with * panelBytes;
        one.Bias += (nint)with * panelColumns;
        one.OutputS32 += first;
        kernel.Run(
            one, begin, end, 0, kernel.PanelCount(one.Shape), scratch.Of(worker));
        nint skip = (nint)begin * batches.Columns;
        int count = (end - begin) * batches.Columns;
        FixedPoint.Requantize(
            new ReadOnlySpan<int>(one.OutputS32 + skip, count), multiplier, shift, args.Range,
            new Span<sbyte>(y + first + skip, count));
    }
}

sealed unsafe class MatMulS16Step : MatMulStep
{
    readonly MatMulBatches batches;
    readonly short* x;
    readonly short* w;
    readonly short* y;
    readonly int multiplier;
    readonly int shift;

    public MatMulS16Step(PrepareContext c, MatMulBatches batches)
        : base(c, batches, 1)
    {
        this.batches = batches;
        x = c.Input(0).Pointer<short>();
        w = c.Input(1).Pointer<short>();
        y = c.Output(0).Pointer<short>();
        float product = c.Input(0).Quant!.Scale * c.Input(1).Quant!.Scale;
        (multiplier, shift) =
            FixedPoint.QuantizeMultiplier((double)product / c.Output(0).Quant!.Scale);
    }

    protected override void Matrix(int batch, int from, int with, int begin, int end, int worker)
    {
        (int rows, int depth, int columns) = (batches.Rows, batches.Depth, batches.Columns);
        (nint rowStride, nint stepX) = batches.AdjointX ? (1, rows) : (depth, 1);
        (nint columnStride, nint stepW) = batches.AdjointY ? (depth, 1) : (1, columns);
        var b = new MatMulS16.Operand(w + (nint)with * depth * columns, columnStride, stepW);
        for (int m = begin; m < end; m++)
        {
            var a = new MatMulS16.Operand(
                x + (nint)from * rows * depth + m * rowStride, rowStride, stepX);
            MatMulS16.Row(
                a, b, depth, columns, multiplier, shift,
                y + ((nint)batch * rows + m) * columns);
        }
    }
}
