using EdgeDL.Tensors;

namespace EdgeDL.Graphs;

/// <summary>
/// State that outlives a run: streaming buffers, recurrent state, trained weights. It lives in
/// the arena's persistent region; every graph of a model sees the same variables.
/// </summary>
public sealed class Variable(
    string name, DType type, Shape shape, Quantization? quant, Constant? initial)
{
    /// <summary>The name users see.</summary>
    public string Name { get; } = name;

    /// <summary>The element type.</summary>
    public DType DType { get; } = type;

    /// <summary>The extents.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>How integers stand for reals; null for plain numbers.</summary>
    public Quantization? Quant { get; } = quant;

    /// <summary>
    /// What it holds at first; null means real zero: the zero point of a quantized variable.
    /// </summary>
    public Constant? Initial { get; } = initial;

    /// <summary>The size in bytes, packed.</summary>
    public long Bytes => DType.Bytes(Shape.Elements);
}
