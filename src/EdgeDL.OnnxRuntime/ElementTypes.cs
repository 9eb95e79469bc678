using EdgeDL.Tensors;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeDL.OnnxRuntime;

/// <summary>ONNX Runtime's element types and ours.</summary>
static class ElementTypes
{
    public static DType Of(TensorElementType type) => type switch
    {
        TensorElementType.Float => DType.Float32,
        TensorElementType.Float16 => DType.Float16,
        TensorElementType.BFloat16 => DType.BFloat16,
        TensorElementType.Double => DType.Float64,
        TensorElementType.Int8 => DType.Int8,
        TensorElementType.UInt8 => DType.UInt8,
        TensorElementType.Int16 => DType.Int16,
        TensorElementType.UInt16 => DType.UInt16,
        TensorElementType.Int32 => DType.Int32,
        TensorElementType.UInt32 => DType.UInt32,
        TensorElementType.Int64 => DType.Int64,
        TensorElementType.UInt64 => DType.UInt64,
        TensorElementType.Bool => DType.Bool,
        _ => DType.None,
    };

    public static TensorElementType Of(DType type) => type switch
    {
        DType.Float32 => TensorElementType.Float,
        DType.Float16 => TensorElementType.Float16,
        DType.BFloat16 => TensorElementType.BFloat16,
        DType.Float64 => TensorElementType.Double,
        DType.Int8 => TensorElementType.Int8,
        DType.UInt8 => TensorElementType.UInt8,
        DType.Int16 => TensorElementType.Int16,
        DType.UInt16 => TensorElementType.UInt16,
        DType.Int32 => TensorElementType.Int32,
        DType.UInt32 => TensorElementType.UInt32,
        DType.Int64 => TensorElementType.Int64,
        DType.UInt64 => TensorElementType.UInt64,
        DType.Bool => TensorElementType.Bool,
        _ => throw new ArgumentException($"ONNX Runtime has no tensors of {type}"),
    };
}
