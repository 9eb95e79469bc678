using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx;

/// <summary>How ONNX's element types are stored and computed.</summary>
static class ElementTypes
{
    /// <summary>The type that a tensor has at the model's border; None if EdgeDL has none.
    /// 4-bit integers are widened.</summary>
    public static DType Stored(DataType type) => type switch
    {
        DataType.Float => DType.Float32,
        DataType.Float16 => DType.Float16,
        DataType.Bfloat16 => DType.BFloat16,
        DataType.Double => DType.Float64,
        DataType.Int8 or DataType.Int4 => DType.Int8,
        DataType.Uint8 or DataType.Uint4 => DType.UInt8,
        DataType.Int16 => DType.Int16,
        DataType.Uint16 => DType.UInt16,
        DataType.Int32 => DType.Int32,
        DataType.Uint32 => DType.UInt32,
        DataType.Int64 => DType.Int64,
        DataType.Uint64 => DType.UInt64,
        DataType.Bool => DType.Bool,
        _ => DType.None,
    };

    /// <summary>The type that is computed in: every float is a <see cref="DType.Float32"/>.
    /// </summary>
    public static DType Computed(DataType type) => Computed(Stored(type));

    /// <summary>The type that is computed in, for a stored type.</summary>
    public static DType Computed(DType stored) => stored.IsFloat() ? DType.Float32 : stored;

    /// <summary>The ONNX type of ours; UNDEFINED if there is none.</summary>
    public static DataType Of(DType type) => type switch
    {
        DType.Float32 => DataType.Float,
        DType.Float16 => DataType.Float16,
        DType.BFloat16 => DataType.Bfloat16,
        DType.Float64 => DataType.Double,
        DType.Int4 => DataType.Int4,
        DType.Int8 => DataType.Int8,
        DType.UInt8 => DataType.Uint8,
        DType.Int16 => DataType.Int16,
        DType.UInt16 => DataType.Uint16,
        DType.Int32 => DataType.Int32,
        DType.UInt32 => DataType.Uint32,
        DType.Int64 => DataType.Int64,
        DType.UInt64 => DataType.Uint64,
        DType.Bool => DataType.Bool,
        DType.Complex64 => DataType.Complex64,
        _ => DataType.Undefined,
    };
}
