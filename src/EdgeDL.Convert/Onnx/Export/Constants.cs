using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Tensors;
using Google.Protobuf;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>Constants of the exported graph: little-endian raw data, 4 bits widened to 8.
/// </summary>
static class Constants
{
    /// <summary>A constant of numbers.</summary>
    public static OnnxTensor Of<T>(string hint, in Shape shape, ReadOnlySpan<T> values)
        where T : unmanaged =>
        Of(hint, DTypes.Of<T>(), shape, MemoryMarshal.AsBytes(values));

    /// <summary>A constant of bytes.</summary>
    public static OnnxTensor Of(
        string hint, DType type, in Shape shape, ReadOnlySpan<byte> bytes) =>
        new(hint, type, shape) { Data = Data(type, shape, bytes) };

    /// <summary>The same number of any numeric type, once.</summary>
    public static OnnxTensor Number(string hint, DType type, double value)
    {
        byte[] bytes = type switch
        {
            DType.Float32 => BitConverter.GetBytes((float)value),
            DType.Float64 => BitConverter.GetBytes(value),
            DType.Float16 => BitConverter.GetBytes((Half)value),
            DType.Int64 or DType.UInt64 => BitConverter.GetBytes((long)value),
            _ => BitConverter.GetBytes((long)value)[..type.Size()],
        };
        return Of(hint, type, Shape.Scalar, bytes);
    }

    /// <summary>Integers of any type.</summary>
    public static OnnxTensor Integers(
        string hint, DType type, in Shape shape, ReadOnlySpan<int> values)
    {
        int size = type.Size();
        var bytes = new byte[values.Length * size];
        for (int i = 0; i < values.Length; i++)
        {
            BitConverter.GetBytes((long)values[i]).AsSpan(0, size).CopyTo(bytes.AsSpan(i * size));
        }

        return Of(hint, type, shape, bytes);
    }

    /// <summary>A constant of the model under another shape, its axes then in another order.
    /// </summary>
    public static OnnxTensor Of(Value v, in Shape shape, ReadOnlySpan<int> perm)
    {
        (DType type, ReadOnlySpan<byte> bytes) = Bytes(v);
        Shape result = Layouts.Permute(shape, perm);
        return new OnnxTensor(v.Name, type, result)
        {
            Data = Layouts.KeepsOrder(shape, perm)
                ? Data(type, result, bytes)
                : Data(type, result, Layouts.Permute(bytes, type.Size(), shape, perm)),
            IsNamed = true,
        };
    }

    /// <summary>The reals that a quantized constant stands for, its axes then in another order.
    /// </summary>
    public static OnnxTensor Real(Value v, in Shape shape, int[]? perm)
    {
        float[] reals = Reals(v);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(reals.AsSpan());
        return Of(v.Name + "_real", DType.Float32, shape,
            perm is null ? bytes : Layouts.Permute(bytes, sizeof(float), v.Shape, perm));
    }

    /// <summary>The reals that a constant stands for.</summary>
    public static float[] Reals(Value v)
    {
        (DType type, ReadOnlySpan<byte> bytes) = Bytes(v);
        var reals = new float[v.Shape.Elements];
        for (int i = 0; i < reals.Length; i++)
        {
            double q = Element(type, bytes, i);
            int slice = Slice(v, i);
            reals[i] = v.Quant is { } quant
                ? (float)(quant.ScaleOf(slice) * (q - quant.ZeroPointOf(slice)))
                : (float)q;
        }

        return reals;
    }

    /// <summary>A constant's elements as whole numbers.</summary>
    public static long[] Longs(Value v)
    {
        (DType type, ReadOnlySpan<byte> bytes) = Bytes(v);
        var values = new long[v.Shape.Elements];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type == DType.Int64
                ? MemoryMarshal.Cast<byte, long>(bytes)[i] : (long)Element(type, bytes, i);
        }

        return values;
    }

    public static TensorProto Data(DType type, in Shape shape, ReadOnlySpan<byte> bytes)
    {
        var data = new TensorProto
        {
            DataType = (int)ElementTypes.Of(type),
            RawData = ByteString.CopyFrom(bytes),
        };
        foreach (int d in shape.Dims)
        {
            data.Dims.Add(d);
        }

        return data;
    }

    static int Slice(Value v, int i)
    {
        if (v.Quant is not { } quant || quant.IsPerTensor)
        {
            return 0;
        }

        if (quant.BlockSize > 0)
        {
            int blocks = (v.Shape[-1] + quant.BlockSize - 1) / quant.BlockSize;
            return (i / v.Shape[-1] * blocks) + (i % v.Shape[-1] / quant.BlockSize);
        }

        return i / v.Shape.Product(quant.Axis + 1, v.Shape.Rank) % v.Shape[quant.Axis];
    }

    // The stored bytes; 4-bit integers become int8, which every tool reads.
    static ConstantBytes Bytes(Value v)
    {
        ReadOnlySpan<byte> stored = v.Constant!.Span[..(int)v.Bytes];
        if (v.DType != DType.Int4)
        {
            return new ConstantBytes(v.DType, stored);
        }

        var wide = new byte[v.Shape.Elements];
        for (int i = 0; i < wide.Length; i++)
        {
            int nibble = (i & 1) == 0 ? stored[i / 2] << 4 : stored[i / 2] & 0xF0;
            wide[i] = (byte)((sbyte)nibble >> 4);
        }

        return new ConstantBytes(DType.Int8, wide);
    }

    readonly ref struct ConstantBytes(DType type, ReadOnlySpan<byte> bytes)
    {
        readonly ReadOnlySpan<byte> bytes = bytes;

        public void Deconstruct(out DType storedType, out ReadOnlySpan<byte> storedBytes)
        {
            storedType = type;
            storedBytes = bytes;
        }
    }

    static double Element(DType type, ReadOnlySpan<byte> bytes, int i) => type switch
    {
        DType.Float32 => MemoryMarshal.Cast<byte, float>(bytes)[i],
        DType.Float64 => MemoryMarshal.Cast<byte, double>(bytes)[i],
        DType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(bytes)[i],
        DType.BFloat16 => BitConverter.Int32BitsToSingle(
            MemoryMarshal.Cast<byte, ushort>(bytes)[i] << 16),
        DType.Int8 => (sbyte)bytes[i],
        DType.UInt8 or DType.Bool => bytes[i],
        DType.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[i],
        DType.UInt16 => MemoryMarshal.Cast<byte, ushort>(bytes)[i],
        DType.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
        DType.UInt32 => MemoryMarshal.Cast<byte, uint>(bytes)[i],
        DType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[i],
        DType.UInt64 => MemoryMarshal.Cast<byte, ulong>(bytes)[i],
        _ => throw new NoEquivalentException($"constants of {type}"),
    };
}
