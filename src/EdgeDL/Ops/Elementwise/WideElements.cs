using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;
using Kernel = EdgeDL.Kernels.Elementwise.Cast;

namespace EdgeDL.Ops;

/// <summary>How elements of a type become long or double, and back.</summary>
static unsafe class WideElements
{
    /// <summary>Elements in a block: three of them stay in the first-level cache.</summary>
    public const int Block = 256;

    /// <summary>For integers and truth values.</summary>
    public static delegate*<byte*, int, long*, void> ToLong(DType type) => type switch
    {
        DType.Int8 => &Kernel.Widen<sbyte>,
        DType.UInt8 => &Kernel.Widen<byte>,
        DType.Int16 => &Kernel.Widen<short>,
        DType.UInt16 => &Kernel.Widen<ushort>,
        DType.Int32 => &Kernel.Widen<int>,
        DType.UInt32 => &Kernel.Widen<uint>,
        DType.Int64 or DType.UInt64 => &Kernel.Widen<long>,
        _ => &Kernel.WidenTruth,
    };

    /// <summary>For integers and truth values.</summary>
    public static delegate*<long*, int, byte*, void> FromLong(DType type) => type switch
    {
        DType.Int8 or DType.UInt8 => &Kernel.Narrow<byte>,
        DType.Int16 or DType.UInt16 => &Kernel.Narrow<ushort>,
        DType.Int32 or DType.UInt32 => &Kernel.Narrow<uint>,
        DType.Int64 or DType.UInt64 => &Kernel.Narrow<long>,
        _ => &Kernel.NarrowTruth,
    };

    public static delegate*<byte*, int, double*, void> ToDouble(DType type) => type switch
    {
        DType.Float32 => &Kernel.Widen<float>,
        DType.Float16 => &Kernel.Widen<Half>,
        DType.BFloat16 => &Kernel.WidenBFloat16,
        DType.Float64 => &Kernel.Widen<double>,
        DType.Int8 => &Kernel.Widen<sbyte>,
        DType.UInt8 => &Kernel.Widen<byte>,
        DType.Int16 => &Kernel.Widen<short>,
        DType.UInt16 => &Kernel.Widen<ushort>,
        DType.Int32 => &Kernel.Widen<int>,
        DType.UInt32 => &Kernel.Widen<uint>,
        DType.Int64 => &Kernel.Widen<long>,
        DType.UInt64 => &Kernel.Widen<ulong>,
        _ => &Kernel.WidenTruth,
    };

    public static delegate*<double*, int, byte*, void> FromDouble(DType type) => type switch
    {
        DType.Float32 => &Kernel.Narrow<float>,
        DType.Float16 => &Kernel.Narrow<Half>,
        DType.BFloat16 => &Kernel.NarrowBFloat16,
        DType.Float64 => &Kernel.Narrow<double>,
        DType.Int8 => &Kernel.Narrow<sbyte>,
        DType.UInt8 => &Kernel.Narrow<byte>,
        DType.Int16 => &Kernel.Narrow<short>,
        DType.UInt16 => &Kernel.Narrow<ushort>,
        DType.Int32 => &Kernel.Narrow<int>,
        DType.UInt32 => &Kernel.Narrow<uint>,
        DType.Int64 => &Kernel.Narrow<long>,
        DType.UInt64 => &Kernel.Narrow<ulong>,
        _ => &Kernel.NarrowTruth,
    };

    /// <summary>The least and the largest value of an integer type of at most 32 bits.</summary>
    public static (long Min, long Max) Range(DType type) => type switch
    {
        DType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        DType.UInt8 => (byte.MinValue, byte.MaxValue),
        DType.Int16 => (short.MinValue, short.MaxValue),
        _ => (int.MinValue, int.MaxValue),
    };
}
