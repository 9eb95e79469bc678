using System.Runtime.InteropServices;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>The bytes of constants, as the runtime stores them.</summary>
static class ConstantData
{
    /// <summary>
    /// The runtime's type and bytes of a constant that the file stores in another form: sparse,
    /// or in 2-bit or unsigned 4-bit elements. Null bytes: as stored.
    /// </summary>
    public static (DType Type, byte[]? Bytes) Unpack(TfliteTensor t, Shape shape)
    {
        if (t.Sparsity is not null && t.Data.Length > 0)
        {
            return (t.DType, SparseDecoder.Decode(t, shape));
        }

        return t.Type switch
        {
            TensorType.INT2 => (DType.Int8, Widen(t, shape, bits: 2, signed: true)),
            TensorType.UINT4 => (DType.UInt8, Widen(t, shape, bits: 4, signed: false)),
            _ => (t.DType, null),
        };
    }

    /// <summary>The numbers of a float constant.</summary>
    public static float[] Floats(TfliteTensor t, string place)
    {
        ReadOnlySpan<byte> data = t.Data.Span;
        return t.DType switch
        {
            DType.Float32 => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            DType.Float16 => [.. MemoryMarshal.Cast<byte, Half>(data).ToArray()
                .Select(h => (float)h)],
            _ => throw Reject.Model(place, $"'{t.Name}' holds {t.Type}, not floats"),
        };
    }

    /// <summary>The numbers of an integer constant.</summary>
    public static int[] Ints(TfliteTensor t, string place) =>
        Ints(t.DType, t.Data.Span) ?? throw Reject.Model(
            place, $"'{t.Name}' holds {t.Type}, not whole numbers");

    /// <summary>
    /// Whole numbers, those beyond int32 at its ends; null if the type is another.
    /// </summary>
    public static int[]? Ints(DType type, ReadOnlySpan<byte> data) => type switch
    {
        DType.Int32 => MemoryMarshal.Cast<byte, int>(data).ToArray(),
        DType.Int64 => [.. MemoryMarshal.Cast<byte, long>(data).ToArray()
            .Select(v => (int)Math.Clamp(v, int.MinValue, int.MaxValue))],
        DType.Int16 => [.. MemoryMarshal.Cast<byte, short>(data).ToArray().Select(v => (int)v)],
        DType.Int8 => [.. MemoryMarshal.Cast<byte, sbyte>(data).ToArray().Select(v => (int)v)],
        DType.UInt8 => [.. data.ToArray().Select(v => (int)v)],
        _ => null,
    };

    // The first element is in the lowest bits.
    static byte[] Widen(TfliteTensor t, Shape shape, int bits, bool signed)
    {
        int perByte = 8 / bits;
        if ((long)t.Data.Length * perByte < shape.Elements)
        {
            throw Reject.Model($"constant '{t.Name}'", $"{shape.Elements} elements of {bits} bits "
                + $"don't fit into {t.Data.Length} bytes");
        }

        var wide = new byte[shape.Elements];
        ReadOnlySpan<byte> packed = t.Data.Span;
        for (int i = 0; i < wide.Length; i++)
        {
            int value = (packed[i / perByte] >> (i % perByte * bits)) & ((1 << bits) - 1);
            bool negative = signed && value >> (bits - 1) != 0;
            wide[i] = (byte)(negative ? value - (1 << bits) : value);
        }

        return wide;
    }
}
