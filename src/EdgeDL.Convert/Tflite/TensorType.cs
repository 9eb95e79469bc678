using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite;

/// <summary>Element types by their number and name in TFLite's schema.</summary>
enum TensorType
{
    FLOAT32 = 0,
    FLOAT16 = 1,
    INT32 = 2,
    UINT8 = 3,
    INT64 = 4,
    STRING = 5,
    BOOL = 6,
    INT16 = 7,
    COMPLEX64 = 8,
    INT8 = 9,
    FLOAT64 = 10,
    COMPLEX128 = 11,
    UINT64 = 12,
    RESOURCE = 13,
    VARIANT = 14,
    UINT32 = 15,
    UINT16 = 16,
    INT4 = 17,
    BFLOAT16 = 18,
    INT2 = 19,
    UINT4 = 20,
    FLOAT8_E4M3FN = 21,
    FLOAT8_E5M2 = 22,
}

/// <summary>TFLite's element types as ours.</summary>
static class TensorTypes
{
    /// <summary>Our type, or None where we have none.</summary>
    public static DType ToDType(this TensorType type) => type switch
    {
        TensorType.FLOAT32 => DType.Float32,
        TensorType.FLOAT16 => DType.Float16,
        TensorType.BFLOAT16 => DType.BFloat16,
        TensorType.FLOAT64 => DType.Float64,
        TensorType.INT4 => DType.Int4,
        TensorType.INT8 => DType.Int8,
        TensorType.UINT8 => DType.UInt8,
        TensorType.INT16 => DType.Int16,
        TensorType.UINT16 => DType.UInt16,
        TensorType.INT32 => DType.Int32,
        TensorType.UINT32 => DType.UInt32,
        TensorType.INT64 => DType.Int64,
        TensorType.UINT64 => DType.UInt64,
        TensorType.BOOL => DType.Bool,
        TensorType.COMPLEX64 => DType.Complex64,
        _ => DType.None,
    };
}
