using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What the activations are multiplied as.</summary>
public enum BlockInputs : byte
{
    /// <summary>As they are, in fp32.</summary>
    Float = 0,

    /// <summary>Rounded to int8, with a scale for each block of a row.</summary>
    Int8 = 1,
}

/// <summary>
/// y[…, o] = act(bias[o] + Σ_k x[…, k] · scale[o, b] · (w[o, k] − zero[o, b])), b = ⌊k / block⌋:
/// fp32 activations by Int4 weights [O, K] that have a scale, and a zero point if any, each block
/// along K. Bias [O] may be left out.
/// </summary>
/// <remarks>ONNX Runtime's MatMulNBits with 4 bits; Int8 is its accuracy level 4.</remarks>
public sealed class BlockFullyConnected(BlockInputs inputs, Activation activation)
    : Op, IOp<BlockFullyConnected>
{
    // A block of 127 · 15 sums in int32.
    const int MaxBlock = 1 << 20;

    public static OpCode Code => OpCode.BlockFullyConnected;

    public override OpCode OpCode => Code;

    public BlockInputs Inputs => inputs;

    public Activation Activation => activation;

    public static BlockFullyConnected Read(ref AttributeReader a) =>
        new((BlockInputs)a.Enum(2), (Activation)a.Enum(Activations.Count));

    public override void Write(ref AttributeWriter a)
    {
        a.Byte((byte)inputs);
        a.Byte((byte)activation);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(2, 3, 1);
        InferInput x = c.Input(0);
        InferInput w = c.Input(1);
        if (x.DType != DType.Float32 || w.DType != DType.Int4 || !w.IsConstant)
        {
            c.Fail($"multiplies Float32 by constant Int4 weights, not {x.DType} by {w.DType}");
        }

        if (w.Shape.Rank != 2 || w.Shape.Elements == 0 || x.Shape.Elements == 0
            || x.Shape.Rank == 0 || x.Shape[-1] != w.Shape[1])
        {
            c.Fail($"takes rows of values and weights [outputs, values], gets {x.Shape} and "
                + $"{w.Shape}");
        }

        CheckBlocks(c, w);
        if (c.HasInput(2) && (c.Input(2).DType != DType.Float32
            || c.Input(2).Shape.Elements != w.Shape[0]))
        {
            c.Fail($"bias is {c.Input(2).DType} {c.Input(2).Shape}, not {w.Shape[0]} floats");
        }

        MacShapes.SetOutput(c, [.. x.Shape.Dims[..^1], w.Shape[0]], w.Shape[1]);
        if (inputs == BlockInputs.Int8)
        {
            c.Scratch(BlockRows.Of(x.Shape, w.Quant!.BlockSize).Bytes);
        }
    }

    static void CheckBlocks(InferContext c, InferInput w)
    {
        Quantization? quant = w.Quant;
        if (quant is null || quant.BlockSize is < 2 or > MaxBlock || quant.BlockSize % 2 != 0
            || quant.Scales.Length != (long)w.Shape[0]
                * ((w.Shape[1] + quant.BlockSize - 1L) / quant.BlockSize))
        {
            c.Fail($"weights {w.Shape} need a scale for each block of an even size along axis 1; "
                + $"the model says {quant?.ToString() ?? "none"}");
        }

        foreach (int zero in quant.ZeroPoints)
        {
            if (zero is < -8 or > 7)
            {
                c.Fail($"weights' zero point {zero} is not an Int4");
            }
        }
    }

    public override Step? Prepare(PrepareContext c) =>
        new BlockFullyConnectedStep(c, inputs, activation);
}

/// <summary>Where the rows of activations lie in a step's scratch once they are int8.</summary>
readonly record struct BlockRows(int Rows, int Depth, int Blocks)
{
    public static BlockRows Of(in Shape x, int block) =>
        new(x.Elements / x[-1], x[-1], (x[-1] + block - 1) / block);

    /// <summary>Scales first: floats are aligned there.</summary>
    public long ScaleBytes => 4L * Rows * Blocks;

    public long Bytes => ScaleBytes + ((long)Rows * Depth);
}
