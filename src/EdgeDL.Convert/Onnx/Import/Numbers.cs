using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>Single numbers as bytes of a type.</summary>
static class Numbers
{
    /// <summary>The little-endian bytes of a number, clamped to the type.</summary>
    public static byte[] Bytes(double number, DType type) => type switch
    {
        DType.Float32 => BitConverter.GetBytes((float)number),
        DType.Float64 => BitConverter.GetBytes(number),
        DType.Float16 => BitConverter.GetBytes((Half)number),
        DType.BFloat16 => BitConverter.GetBytes(
            (ushort)(BitConverter.SingleToUInt32Bits((float)number) >> 16)),
        DType.Int8 => [(byte)sbyte.CreateSaturating(number)],
        DType.UInt8 => [byte.CreateSaturating(number)],
        DType.Bool => [number != 0 ? (byte)1 : (byte)0],
        DType.Int16 => BitConverter.GetBytes(short.CreateSaturating(number)),
        DType.UInt16 => BitConverter.GetBytes(ushort.CreateSaturating(number)),
        DType.Int32 => BitConverter.GetBytes(int.CreateSaturating(number)),
        DType.UInt32 => BitConverter.GetBytes(uint.CreateSaturating(number)),
        DType.Int64 => BitConverter.GetBytes(long.CreateSaturating(number)),
        DType.UInt64 => BitConverter.GetBytes(ulong.CreateSaturating(number)),
        _ => throw new ArgumentException($"no number of type {type}"),
    };
}
