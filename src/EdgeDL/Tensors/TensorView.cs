using System.Runtime.CompilerServices;

namespace EdgeDL.Tensors;

/// <summary>
/// A tensor in native memory: address, element type, shape, quantization. It owns nothing and is
/// valid as long as the session (or model) that gave it.
/// </summary>
public readonly unsafe struct TensorView(
    byte* data, DType type, Shape shape, Quantization? quant, string name)
{
    /// <summary>The address of the first element, 64-byte aligned unless it is a slice.</summary>
    public byte* Data => data;

    /// <summary>The element type.</summary>
    public DType DType => type;

    /// <summary>The extents, outermost first.</summary>
    public Shape Shape => shape;

    /// <summary>How integers stand for reals; null for plain numbers.</summary>
    public Quantization? Quant => quant;

    /// <summary>The name the model gives it.</summary>
    public string Name => name;

    /// <summary>The number of elements.</summary>
    public int Elements => shape.Elements;

    /// <summary>The size in bytes, packed.</summary>
    public long Bytes => type.Bytes(shape.Elements);

    /// <summary>The raw bytes.</summary>
    public Span<byte> AsBytes() => new(data, checked((int)Bytes));

    /// <summary>The elements as <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element
    /// type.</exception>
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        if (DTypes.Of<T>() != type)
        {
            ThrowType(typeof(T).Name);
        }

        return new Span<T>(data, shape.Elements);
    }

    /// <summary>
    /// The address as <typeparamref name="T"/>; the caller knows the type is right.
    /// </summary>
    public T* Pointer<T>() where T : unmanaged => (T*)data;

    [MethodImpl(MethodImplOptions.NoInlining)]
    void ThrowType(string asked) => throw new InvalidOperationException(
        $"tensor '{name}' holds {type}, not {asked}: ask for its own element type");

    public override string ToString() => $"{name}: {type} {shape}";
}
