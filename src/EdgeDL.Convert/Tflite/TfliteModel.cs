namespace EdgeDL.Convert.Tflite;

/// <summary>One graph of the model, its operators in execution order.</summary>
sealed record TfliteSubgraph(
    string Name, TfliteTensor[] Tensors, int[] Inputs, int[] Outputs, TfliteOperator[] Operators);

/// <summary>A name that callers use for an input or output tensor of a subgraph.</summary>
sealed record TfliteTensorMap(string Name, int Tensor);

/// <summary>A named entry point.</summary>
sealed record TfliteSignature(
    string Key, int Subgraph, TfliteTensorMap[] Inputs, TfliteTensorMap[] Outputs);

/// <summary>Bytes stored beside the model under a name.</summary>
sealed record TfliteNamedBuffer(string Name, ReadOnlyMemory<byte> Data);

/// <summary>
/// A .tflite file, taken apart and range-checked, but not yet understood: every index points at
/// something, every byte range is inside the file. Subgraph 0 is the one that runs.
/// </summary>
sealed record TfliteModel(
    string Description,
    TfliteSubgraph[] Subgraphs,
    TfliteNamedBuffer[] Metadata,
    TfliteSignature[] Signatures,
    ReadOnlyMemory<byte> File)
{
    /// <summary>
    /// Reads a file from memory; the model keeps the memory and shares its bytes.
    /// </summary>
    /// <exception cref="InvalidModelException">The bytes are not an intact TFLite
    /// model.</exception>
    public static TfliteModel Parse(ReadOnlyMemory<byte> file) => new TfliteParser(file).Model();
}
