using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite;

/// <summary>Affine quantization as the file has it: empty scales mean none.</summary>
sealed record TfliteQuantization(
    float[] Scales, long[] ZeroPoints, int Axis, float[] Min, float[] Max, TfliteBlocks? Blocks);

/// <summary>
/// Blockwise quantization: tensors that hold the scales and zero points (−1: all zero), and how
/// many elements of the innermost axis share one.
/// </summary>
sealed record TfliteBlocks(int ScalesTensor, int ZeroPointsTensor, int BlockSize);

/// <summary>One dimension of a sparse tensor, in traversal order.</summary>
sealed record TfliteSparseDimension(bool IsSparse, int DenseSize, int[] Segments, int[] Indices);

/// <summary>
/// How a sparse tensor's values are laid out: see the schema's SparsityParameters.
/// </summary>
sealed record TfliteSparsity(
    int[] TraversalOrder, int[] BlockMap, TfliteSparseDimension[] Dimensions);

/// <summary>A tensor as the file has it.</summary>
sealed class TfliteTensor
{
    public required string Name { get; init; }

    /// <summary>None for the types that only name resources.</summary>
    public required DType DType { get; init; }

    /// <summary>The type's name in the schema.</summary>
    public required TensorType Type { get; init; }

    public required int[] Dims { get; init; }

    /// <summary>
    /// The shape with −1 where the exporter left an extent open; empty if none is.
    /// </summary>
    public required int[] Signature { get; init; }

    public required TfliteQuantization? Quantization { get; init; }

    public required TfliteSparsity? Sparsity { get; init; }

    public required bool IsVariable { get; init; }

    /// <summary>
    /// The constant bytes; empty for activations and for constants of no elements.
    /// </summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    public override string ToString() => $"'{Name}' {Type} [{string.Join("x", Dims)}]";
}
