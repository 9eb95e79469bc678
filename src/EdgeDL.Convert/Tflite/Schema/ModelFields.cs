namespace EdgeDL.Convert.Tflite.Schema;

/// <summary>Field ids of the tables that make a model, in the order of TFLite's schema.</summary>
static class ModelFields
{
    public static Field Version => new(0, "version");
    public static Field OperatorCodes => new(1, "operator_codes");
    public static Field Subgraphs => new(2, "subgraphs");
    public static Field Description => new(3, "description");
    public static Field Buffers => new(4, "buffers");
    public static Field Metadata => new(6, "metadata");
    public static Field SignatureDefs => new(7, "signature_defs");
}

static class OperatorCodeFields
{
    public static Field DeprecatedBuiltinCode => new(0, "deprecated_builtin_code");
    public static Field CustomCode => new(1, "custom_code");
    public static Field Version => new(2, "version");
    public static Field BuiltinCode => new(3, "builtin_code");
}

static class SubgraphFields
{
    public static Field Tensors => new(0, "tensors");
    public static Field Inputs => new(1, "inputs");
    public static Field Outputs => new(2, "outputs");
    public static Field Operators => new(3, "operators");
    public static Field Name => new(4, "name");
}

static class OperatorFields
{
    public static Field OpcodeIndex => new(0, "opcode_index");
    public static Field Inputs => new(1, "inputs");
    public static Field Outputs => new(2, "outputs");
    public static Field BuiltinOptionsType => new(3, "builtin_options_type");
    public static Field BuiltinOptions => new(4, "builtin_options");
    public static Field CustomOptions => new(5, "custom_options");
    public static Field Intermediates => new(8, "intermediates");
    public static Field LargeCustomOptionsOffset => new(9, "large_custom_options_offset");
    public static Field LargeCustomOptionsSize => new(10, "large_custom_options_size");
}

static class TensorFields
{
    public static Field Shape => new(0, "shape");
    public static Field Type => new(1, "type");
    public static Field Buffer => new(2, "buffer");
    public static Field Name => new(3, "name");
    public static Field Quantization => new(4, "quantization");
    public static Field IsVariable => new(5, "is_variable");
    public static Field Sparsity => new(6, "sparsity");
    public static Field ShapeSignature => new(7, "shape_signature");
    public static Field ExternalBuffer => new(10, "external_buffer");
}

static class QuantizationFields
{
    public static Field Min => new(0, "min");
    public static Field Max => new(1, "max");
    public static Field Scale => new(2, "scale");
    public static Field ZeroPoint => new(3, "zero_point");
    public static Field DetailsType => new(4, "details_type");
    public static Field Details => new(5, "details");
    public static Field QuantizedDimension => new(6, "quantized_dimension");
}

static class BlockwiseFields
{
    public static Field Scales => new(0, "scales");
    public static Field ZeroPoints => new(1, "zero_points");
    public static Field BlockSize => new(2, "block_size");
}

static class SparsityFields
{
    public static Field TraversalOrder => new(0, "traversal_order");
    public static Field BlockMap => new(1, "block_map");
    public static Field Dimensions => new(2, "dim_metadata");
}

static class SparseDimensionFields
{
    public static Field Format => new(0, "format");
    public static Field DenseSize => new(1, "dense_size");
    public static Field SegmentsType => new(2, "array_segments_type");
    public static Field Segments => new(3, "array_segments");
    public static Field IndicesType => new(4, "array_indices_type");
    public static Field Indices => new(5, "array_indices");
}

static class BufferFields
{
    public static Field Data => new(0, "data");
    public static Field Offset => new(1, "offset");
    public static Field Size => new(2, "size");
}

static class NamedBufferFields
{
    public static Field Name => new(0, "name");
    public static Field Buffer => new(1, "buffer");
}

static class SignatureFields
{
    public static Field Inputs => new(0, "inputs");
    public static Field Outputs => new(1, "outputs");
    public static Field Key => new(2, "signature_key");
    public static Field Subgraph => new(4, "subgraph_index");
}

static class TensorMapFields
{
    public static Field Name => new(0, "name");
    public static Field Tensor => new(1, "tensor_index");
}
