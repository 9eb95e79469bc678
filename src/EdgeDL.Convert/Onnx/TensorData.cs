using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Tensors;
using Google.Protobuf;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx;

/// <summary>The numbers of a tensor of the file, in every encoding that the format has.</summary>
/// <param name="Type">The file's element type.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Bytes">Little-endian elements of the type <see cref="Stored"/>.</param>
sealed record TensorData(DataType Type, Shape Shape, byte[] Bytes)
{
    /// <summary>The type of <see cref="Bytes"/>.</summary>
    public DType Stored => ElementTypes.Stored(Type);

    /// <summary>The same numbers in the type they are computed in.</summary>
    public byte[] Computed() => Stored switch
    {
        DType.Float16 => Floats(MemoryMarshal.Cast<byte, Half>(Bytes), static h => (float)h),
        DType.BFloat16 => Floats(MemoryMarshal.Cast<byte, ushort>(Bytes),
            static b => BitConverter.UInt32BitsToSingle((uint)b << 16)),
        DType.Float64 => Floats(MemoryMarshal.Cast<byte, double>(Bytes), static d => (float)d),
        _ => Bytes,
    };

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="InvalidModelException">Its parts do not fit together.</exception>
    public static TensorData Read(TensorProto t, string place, ExternalData external)
    {
        var type = (DataType)t.DataType;
        DType stored = ElementTypes.Stored(type);
        if (stored == DType.None)
        {
            throw Reject.Unsupported(place, $"its element type is {NameOf(t.DataType)}",
                "convert it to float, an integer or bool before the export");
        }

        Shape shape = ShapeOf(t.Dims, place);
        bool isPacked = type is DataType.Int4 or DataType.Uint4;
        long packed = isPacked ? (shape.Elements + 1L) / 2 : stored.Bytes(shape.Elements);
        byte[] bytes = t.DataLocation == TensorProto.Types.DataLocation.External
            ? external.Read(t, place, packed)
            : t.HasRawData ? Raw(t.RawData, place, packed)
            : Listed(t, type, place, shape.Elements);
        return new TensorData(type, shape, isPacked ? Widen(bytes, shape, type) : bytes);
    }

    /// <summary>The extents of a list of dimensions.</summary>
    public static Shape ShapeOf(IReadOnlyList<long> dims, string place)
    {
        var extents = new int[dims.Count];
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = dims[i] is >= 0 and <= int.MaxValue
                ? (int)dims[i]
                : throw Reject.Model(place, $"extent {dims[i]} of axis {i} is not one");
        }

        return Shape.Problem(extents) is { } problem
            ? throw Reject.Model(place, problem)
            : new Shape(extents);
    }

    /// <summary>The standard's name of an element type.</summary>
    public static string NameOf(int type) => Enum.IsDefined((DataType)type)
        ? ((DataType)type).ToString().ToUpperInvariant()
        : $"{type}, which the standard does not have";

    static byte[] Raw(ByteString raw, string place, long needed) => raw.Length == needed
        ? raw.ToByteArray()
        : throw Reject.Model(place, $"it takes {needed} bytes, its raw data has {raw.Length}");

    // Which list holds which type is said in the comments of the standard's TensorProto.
    static byte[] Listed(TensorProto t, DataType type, string place, int elements)
    {
        switch (type)
        {
            case DataType.Float:
                return Copy(t.FloatData, place, elements, static v => v);
            case DataType.Double:
                return Copy(t.DoubleData, place, elements, static v => v);
            case DataType.Int64:
                return Copy(t.Int64Data, place, elements, static v => v);
            case DataType.Uint64:
                return Copy(t.Uint64Data, place, elements, static v => v);
            case DataType.Uint32:
                return Copy(t.Uint64Data, place, elements, static v => (uint)v);
            case DataType.Int32:
                return Copy(t.Int32Data, place, elements, static v => v);
            case DataType.Int16 or DataType.Uint16 or DataType.Float16 or DataType.Bfloat16:
                return Copy(t.Int32Data, place, elements, static v => (ushort)v);
            case DataType.Int4 or DataType.Uint4:
                return Copy(t.Int32Data, place, (elements + 1) / 2, static v => (byte)v);
            default:
                return Copy(t.Int32Data, place, elements, static v => (byte)v);
        }
    }

    static byte[] Copy<TFrom, TTo>(
        IReadOnlyList<TFrom> list, string place, int elements, Func<TFrom, TTo> convert)
        where TTo : unmanaged
    {
        if (list.Count != elements)
        {
            throw Reject.Model(place, $"it has {elements} elements and {list.Count} numbers");
        }

        var values = new TTo[elements];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = convert(list[i]);
        }

        return MemoryMarshal.AsBytes<TTo>(values).ToArray();
    }

    // The first element is in the low half of a byte.
    static byte[] Widen(byte[] packed, Shape shape, DataType type)
    {
        var wide = new byte[shape.Elements];
        for (int i = 0; i < wide.Length; i++)
        {
            int nibble = (packed[i / 2] >> (i % 2 * 4)) & 15;
            wide[i] = (byte)(type == DataType.Int4 && nibble > 7 ? nibble - 16 : nibble);
        }

        return wide;
    }

    static byte[] Floats<T>(ReadOnlySpan<T> from, Func<T, float> convert)
    {
        var floats = new float[from.Length];
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = convert(from[i]);
        }

        return MemoryMarshal.AsBytes<float>(floats).ToArray();
    }
}
