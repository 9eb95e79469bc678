namespace EdgeDL.Tensors;

/// <summary>
/// Element types. The numbers are part of the <c>.edl</c> format and never change.
/// </summary>
public enum DType : byte
{
    None = 0,
    Float32 = 1,
    Float16 = 2,
    BFloat16 = 3,
    Float64 = 4,
    Int8 = 5,
    UInt8 = 6,
    Int16 = 7,
    UInt16 = 8,
    Int32 = 9,
    UInt32 = 10,
    Int64 = 11,
    UInt64 = 12,
    Bool = 13,
    /// <summary>Two's complement nibbles, two to a byte, the low nibble first.</summary>
    Int4 = 14,
    /// <summary>Pairs of <see cref="Float32"/>: real, imaginary.</summary>
    Complex64 = 15,
}

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    /// <summary>Bits of one element; 0 for <see cref="DType.None"/> and unknown values.</summary>
    public static int Bits(this DType type) => type switch
    {
        DType.Int4 => 4,
        DType.Int8 or DType.UInt8 or DType.Bool => 8,
        DType.Int16 or DType.UInt16 or DType.Float16 or DType.BFloat16 => 16,
        DType.Int32 or DType.UInt32 or DType.Float32 => 32,
        DType.Int64 or DType.UInt64 or DType.Float64 or DType.Complex64 => 64,
        _ => 0,
    };

    /// <summary>
    /// Bytes of one element; 0 for <see cref="DType.Int4"/>, which shares its byte.
    /// </summary>
    public static int Size(this DType type) => type.Bits() / 8;

    /// <summary>Bytes that <paramref name="elements"/> of this type take, packed.</summary>
    public static long Bytes(this DType type, long elements) =>
        checked(elements * type.Bits() + 7) / 8;

    /// <summary>True for the types a format reader may meet.</summary>
    public static bool IsKnown(this DType type) => type.Bits() != 0;

    /// <summary>True for fp16, bf16, fp32 and fp64.</summary>
    public static bool IsFloat(this DType type) =>
        type is DType.Float32 or DType.Float16 or DType.BFloat16 or DType.Float64;

    /// <summary>True for signed and unsigned integers, not for bool.</summary>
    public static bool IsInteger(this DType type) =>
        type is DType.Int4 or (>= DType.Int8 and <= DType.UInt64);

    /// <summary>
    /// The type whose values a .NET <typeparamref name="T"/> holds; None if none does.
    /// </summary>
    public static DType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(sbyte) ? DType.Int8
        : typeof(T) == typeof(byte) ? DType.UInt8
        : typeof(T) == typeof(short) ? DType.Int16
        : typeof(T) == typeof(ushort) ? DType.UInt16
        : typeof(T) == typeof(int) ? DType.Int32
        : typeof(T) == typeof(uint) ? DType.UInt32
        : typeof(T) == typeof(long) ? DType.Int64
        : typeof(T) == typeof(ulong) ? DType.UInt64
        : typeof(T) == typeof(double) ? DType.Float64
        : typeof(T) == typeof(bool) ? DType.Bool
        : typeof(T) == typeof(Half) ? DType.Float16
        : DType.None;
}
