using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdgeDL.Tensors;

namespace EdgeDL.Testing;

/// <summary>Elements of any type as doubles, and back.</summary>
static class Numbers
{
    /// <summary>Doubles that stand for a tensor: two an element for complex numbers.</summary>
    public static int Count(DType type, Shape shape)
    {
        return type == DType.Complex64 ? 2 * shape.Elements : shape.Elements;
    }

    public static bool IsUnsigned(DType type)
    {
        return type is DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64;
    }

    public static (double Least, double Most) Limits(DType type)
    {
        return type switch
        {
            DType.Int4 => (-8, 7),
            DType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            DType.UInt8 => (0, byte.MaxValue),
            DType.Int16 => (short.MinValue, short.MaxValue),
            DType.UInt16 => (0, ushort.MaxValue),
            DType.Int32 => (int.MinValue, int.MaxValue),
            DType.UInt32 => (0, uint.MaxValue),
            DType.Int64 => (long.MinValue, long.MaxValue),
            DType.UInt64 => (0, ulong.MaxValue),
            DType.Bool => (0, 1),
            _ => (double.NegativeInfinity, double.PositiveInfinity),
        };
    }

    /// <summary>Which scale belongs to element i.</summary>
    public static int Slice(Quantization quant, Shape shape, int i)
    {
        if (quant.BlockSize > 0)
        {
            int blocks = (shape[-1] + quant.BlockSize - 1) / quant.BlockSize;
            int block = (i / shape[-1] * blocks) + (i % shape[-1] / quant.BlockSize);
            // A complex number is two of these.
            return block % quant.Scales.Length;
        }

        if (quant.Axis < 0)
        {
            return 0;
        }

        int inner = shape.Product(quant.Axis + 1, shape.Rank);
        return i / inner % shape[quant.Axis];
    }

    /// <summary>The integer that stands for a real: round to nearest even, clamped.</summary>
    public static double Quantize(
        double real, DType type, Quantization quant, Shape shape, int i)
    {
        int slice = Slice(quant, shape, i);
        double q = Math.Round(real / quant.ScaleOf(slice)) + quant.ZeroPointOf(slice);
        (double least, double most) = Limits(type);
        return Math.Clamp(q, least, most);
    }

    public static void Encode(
        byte[] bytes, DType type, Quantization? quant, Shape shape, int i, double real)
    {
        Write(bytes, type, i, quant is null ? real : Quantize(real, type, quant, shape, i));
    }

    public static double Decode(
        ReadOnlySpan<byte> bytes, DType type, Quantization? quant, Shape shape, int i)
    {
        double stored = Read(bytes, type, i);
        if (quant is null)
        {
            return stored;
        }

        int slice = Slice(quant, shape, i);
        return (stored - quant.ZeroPointOf(slice)) * quant.ScaleOf(slice);
    }

    public static double Read(ReadOnlySpan<byte> bytes, DType type, int i)
    {
        return type switch
        {
            DType.Float32 or DType.Complex64 => MemoryMarshal.Cast<byte, float>(bytes)[i],
            DType.Float64 => MemoryMarshal.Cast<byte, double>(bytes)[i],
            DType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(bytes)[i],
            DType.BFloat16 => BitConverter.Int32BitsToSingle(
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
            DType.Int4 => (sbyte)(bytes[i / 2] << ((i & 1) == 0 ? 4 : 0)) >> 4,
            DType.Int8 => (sbyte)bytes[i],
            DType.UInt8 or DType.Bool => bytes[i],
            DType.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[i],
            DType.UInt16 => MemoryMarshal.Cast<byte, ushort>(bytes)[i],
            DType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
            DType.UInt32 => MemoryMarshal.Cast<byte, uint>(bytes)[i],
            DType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[i],
            DType.UInt64 => MemoryMarshal.Cast<byte, ulong>(bytes)[i],
            _ => throw new ArgumentException($"no numbers of type {type}"),
        };
    }

    static void Write(Span<byte> bytes, DType type, int i, double value)
    {
        switch (type)
        {
            case DType.Float32 or DType.Complex64:
                MemoryMarshal.Cast<byte, float>(bytes)[i] = (float)value;
                break;
            case DType.Float64:
                MemoryMarshal.Cast<byte, double>(bytes)[i] = value;
                break;
            case DType.Float16:
                MemoryMarshal.Cast<byte, Half>(bytes)[i] = (Half)value;
                break;
            case DType.BFloat16:
                int bits = BitConverter.SingleToInt32Bits((float)value);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], (ushort)(bits >> 16));
                break;
            case DType.Int4:
                int shift = (i & 1) == 0 ? 0 : 4;
                int nibble = ((int)value & 15) << shift;
                bytes[i / 2] = (byte)((bytes[i / 2] & ~(15 << shift)) | nibble);
                break;
            default:
                WriteInteger(bytes, type, i, value);
                break;
        }
    }

    static void WriteInteger(Span<byte> bytes, DType type, int i, double value)
    {
        int size = type.Size();
        ulong bits = type == DType.UInt64 ? (ulong)value : unchecked((ulong)(long)value);
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(wide, bits);
        wide[..size].CopyTo(bytes[(i * size)..]);
    }
}
