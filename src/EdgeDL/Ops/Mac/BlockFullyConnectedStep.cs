using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.MatMul;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Rows of fp32 by int4 weights in blocks, split over outputs or rows.</summary>
sealed unsafe class BlockFullyConnectedStep : TiledStep
{
    readonly BlockDots.Row kernel = BlockDots.Best();
    readonly BlockRows shape;
    readonly float* x;
    readonly float* y;
    readonly float* bias;
    readonly byte* nibbles;
    readonly nint rowBytes;
    readonly float* scales;
    readonly sbyte* zeros;
    readonly int outputs;
    readonly int block;
    readonly float low;
    readonly float high;
    readonly float* inputScales;
    readonly sbyte* inputBytes;

    public BlockFullyConnectedStep(PrepareContext c, BlockInputs inputs, Activation activation)
        : base(
            c.Workers, Rows(c), 1, c.Input(1).Shape[0],
            (long)Rows(c) * c.Input(1).Elements)
    {
        TensorView w = c.Input(1);
        Quantization quant = w.Quant!;
        block = quant.BlockSize;
        shape = BlockRows.Of(c.Input(0).Shape, block);
        outputs = w.Shape[0];
        x = c.Input(0).Pointer<float>();
        y = c.Output(0).Pointer<float>();
        bias = c.HasInput(2) ? c.Input(2).Pointer<float>() : null;
        (low, high) = activation.Range();
        rowBytes = (shape.Depth + 1) / 2;
        // Rows of an even length lie in the file as the kernel wants them: at whole bytes.
        bool isWhole = shape.Depth % 2 == 0;
        int count = quant.Scales.Length;
        var parts = new BlockParts();
        nint nibblesAt = parts.Add<byte>(isWhole ? 0 : outputs * (long)rowBytes);
        nint scalesAt = parts.Add<float>(count);
        nint zerosAt = parts.Add<sbyte>(count);
        var layout = new PackedLayout { Kind = PackedKind.NibbleRows };
        PackedBlock packed = c.IsConstant(1)
            ? c.Packed(layout, parts, isWhole ? [] : [1])
            : c.Repacked(parts);
        nibbles = isWhole ? w.Data : packed.At<byte>(nibblesAt);
        scales = packed.At<float>(scalesAt);
        zeros = packed.At<sbyte>(zerosAt);
        if (!packed.IsReady)
        {
            Pack(w, isWhole ? null : packed.At<byte>(nibblesAt));
        }

        if (inputs == BlockInputs.Int8)
        {
            inputScales = (float*)c.ScratchPointer;
            inputBytes = (sbyte*)(c.ScratchPointer + shape.ScaleBytes);
        }
    }

    static int Rows(PrepareContext c) => c.Input(0).Elements / c.Input(0).Shape[-1];

    void Pack(TensorView w, byte* rows)
    {
        Quantization quant = w.Quant!;
        quant.Scales.CopyTo(new Span<float>(scales, quant.Scales.Length));
        for (int b = 0; b < quant.Scales.Length; b++)
        {
            zeros[b] = (sbyte)quant.ZeroPointOf(b);
        }

        for (int r = 0; rows != null && r < outputs; r++)
        {
            for (int k = 0; k < shape.Depth; k++)
            {
                nint from = ((nint)r * shape.Depth) + k;
                int nibble = (w.Data[from / 2] >> (int)(from % 2 * 4)) & 15;
                rows[(r * rowBytes) + (k / 2)] |= (byte)(nibble << (k % 2 * 4));
            }
        }
    }

    protected override void Before()
    {
        if (inputBytes == null)
        {
            return;
        }

        for (int m = 0; m < shape.Rows; m++)
        {
            nint first = (nint)m * shape.Depth;
            BlockDots.Quantize(x + first, shape.Depth, block, inputBytes + first,
                inputScales + ((nint)m * shape.Blocks));
        }
    }

    // All rows by one output's weights, which stay in the nearest cache meanwhile.
    protected override void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker)
    {
        for (int o = panelBegin; o < panelEnd; o++)
        {
            nint at = (nint)o * shape.Blocks;
            var weights = new BlockDots.Weights(
                nibbles + (o * rowBytes), scales + at, zeros + at, shape.Depth, block);
            float start = bias == null ? 0 : bias[o];
            for (int m = rowBegin; m < rowEnd; m++)
            {
                nint first = (nint)m * shape.Depth;
                float sum = inputBytes == null
                    ? kernel.Floats(x + first, weights)
                    : kernel.Bytes(inputBytes + first,
                        inputScales + ((nint)m * shape.Blocks), weights);
                y[((nint)m * outputs) + o] = Math.Clamp(sum + start, low, high);
            }
        }
    }
}
