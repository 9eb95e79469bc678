using EdgeDL.Tensors;

namespace EdgeDL.Graphs;

/// <summary>A tensor of a graph: an input, a constant, or what a node computes.</summary>
public sealed class Value
{
    /// <summary>The name users see; it need not be unique.</summary>
    public required string Name { get; set; }

    /// <summary>The element type; <see cref="DType.None"/> until inference has set it.</summary>
    public DType DType { get; set; }

    /// <summary>The extents.</summary>
    public Shape Shape { get; set; }

    /// <summary>How integers stand for reals; null for plain numbers.</summary>
    public Quantization? Quant { get; set; }

    /// <summary>The bytes of a constant; null for anything computed.</summary>
    public Constant? Constant { get; set; }

    /// <summary>The size in bytes, packed.</summary>
    public long Bytes => DType.Bytes(Shape.Elements);

    public override string ToString() => $"{Name}: {DType} {Shape}";
}
