using System.Runtime.InteropServices;

namespace EdgeDL.Tensors;

/// <summary>
/// Immutable bytes outside the managed heap: a slice of a mapped model file, or an own copy.
/// </summary>
public sealed unsafe class Constant
{
    /// <summary>Every own copy starts at a multiple of this; so do weights in a file.</summary>
    public const int Alignment = 64;

    readonly byte* data;
    readonly bool owned;

    Constant(byte* data, long bytes, bool owned)
    {
        this.data = data;
        Bytes = bytes;
        this.owned = owned;
    }

    ~Constant()
    {
        if (owned)
        {
            NativeMemory.AlignedFree(data);
        }
    }

    /// <summary>The address of the first byte.</summary>
    public byte* Data => data;

    /// <summary>The size in bytes.</summary>
    public long Bytes { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => new(data, checked((int)Bytes));

    /// <summary>An own copy of <paramref name="bytes"/>.</summary>
    public static Constant Copy(ReadOnlySpan<byte> bytes)
    {
        byte* data = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes.Length, 1), Alignment);
        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        return new Constant(data, bytes.Length, owned: true);
    }

    /// <summary>An own copy of <paramref name="values"/>.</summary>
    public static Constant Copy<T>(ReadOnlySpan<T> values) where T : unmanaged =>
        Copy(MemoryMarshal.AsBytes(values));

    /// <summary>A slice of memory that somebody else keeps alive.</summary>
    internal static Constant Borrow(byte* data, long bytes) => new(data, bytes, owned: false);

    /// <summary>The bytes as <typeparamref name="T"/>; a remainder is left off.</summary>
    public ReadOnlySpan<T> As<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Span);
}
