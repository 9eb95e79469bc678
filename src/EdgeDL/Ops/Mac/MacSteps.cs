using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>How the weights of a convolution lie in memory.</summary>
enum WeightOrder
{
    /// <summary>[outputs][taps · depth]</summary>
    OutputMajor,

    /// <summary>[taps · depth][outputs]</summary>
    TapMajor,
}

/// <summary>
/// Binds activations (input 0), weights (1), bias (2) and output 0 of a checked node to the kernels
/// of its arithmetic.
/// </summary>
static unsafe class MacSteps
{
    /// <summary>Asks for the memory that the step needs while it runs.</summary>
    public static void Scratch(InferContext c)
    {
        if (MacTypes.Kind(c.Input(0).DType, c.Input(1).DType) == MacKind.Dynamic)
        {
            c.Scratch(c.Input(0).Shape.Elements);
        }
    }

    public static Step Conv(
        PrepareContext c, in ConvShape shape, Activation activation, WeightOrder order) =>
        MacTypes.Kind(c.Input(0).DType, c.Input(1).DType) switch
        {
            MacKind.Float => new ConvF32Step(c, shape, activation, order),
            MacKind.Word => new ConvS16Step(c, shape, activation, order),
            _ => new ConvS8Step(c, shape, activation, order),
        };

    public static Step Depthwise(PrepareContext c, in ConvShape shape, Activation activation) =>
        MacTypes.Kind(c.Input(0).DType, c.Input(1).DType) switch
        {
            MacKind.Float => new DepthwiseF32Step(c, shape, activation),
            MacKind.Word => new DepthwiseS16Step(c, shape, activation),
            _ => new DepthwiseS8Step(c, shape, activation),
        };

    /// <summary>What one accumulator unit of each output is worth in units of y.</summary>
    public static float* Scales(PrepareContext c, int outputs)
    {
        Quantization w = c.Input(1).Quant!;
        bool isDynamic = c.Input(0).DType == DType.Float32;
        float from = isDynamic ? 1 : c.Input(0).Quant!.Scale;
        float to = isDynamic ? 1 : c.Output(0).Quant!.Scale;
        float* scales = c.Pack<float>(outputs);
        for (int o = 0; o < outputs; o++)
        {
            // In this order and in fp32: the product decides the last bit of every result.
            scales[o] = from * w.ScaleOf(o) / to;
        }

        return scales;
    }

    /// <summary>Weights as bytes; nibbles are unpacked into memory of the session.</summary>
    public static byte* Bytes(PrepareContext c, TensorView w)
    {
        if (w.DType != DType.Int4)
        {
            return w.Data;
        }

        byte* bytes = c.Pack<byte>(w.Elements);
        Widen(w, bytes);
        return bytes;
    }

    /// <summary>The same where they are what the kernel reads, and so may lie in the file.
    /// </summary>
    public static byte* PackedBytes(PrepareContext c, TensorView w)
    {
        if (w.DType != DType.Int4)
        {
            return w.Data;
        }

        var parts = new BlockParts();
        nint at = parts.Add<byte>(w.Elements);
        PackedBlock block = c.Packed(
            new PackedLayout { Kind = PackedKind.Nibbles }, parts, [1]);
        if (!block.IsReady)
        {
            Widen(w, block.At<byte>(at));
        }

        return block.At<byte>(at);
    }

    static void Widen(TensorView w, byte* bytes)
    {
        for (int i = 0; i < w.Elements; i++)
        {
            int nibble = w.Data[i / 2] >> (4 * (i % 2));
            bytes[i] = (byte)((nibble << 28) >> 28);
        }
    }
}
