using EdgeDL.Convert.Tflite.Schema;

namespace EdgeDL.Convert.Tflite;

/// <summary>
/// Takes a .tflite file apart. <see cref="FlatTable"/> checks ranges, this checks indices.
/// </summary>
sealed class TfliteParser
{
    const int SchemaVersion = 3;
    const int MaxSubgraphs = 4096;
    const int MaxRank = 64;

    readonly FlatFile file;
    readonly FlatTable root;
    ReadOnlyMemory<byte>[] buffers = [];
    (BuiltinOperator Builtin, string Custom, int Version)[] codes = [];

    public TfliteParser(ReadOnlyMemory<byte> bytes)
    {
        file = new FlatFile(bytes, "TFLite file");
        root = file.Root("TFL3", "model");
    }

    public TfliteModel Model()
    {
        int version = root.Int(ModelFields.Version);
        if (version != SchemaVersion)
        {
            throw Reject.Unsupported(
                "TFLite file",
                    $"its schema version is {version}, this reader knows {SchemaVersion}",
                "export the model with TensorFlow 1.12 or newer");
        }

        buffers = [.. root.Tables(ModelFields.Buffers, "buffer").Select(BufferBytes)];
        codes = [.. root.Tables(ModelFields.OperatorCodes, "operator code").Select(Code)];
        FlatTable[] graphs = root.Tables(ModelFields.Subgraphs, "subgraph");
        if (graphs.Length is 0 or > MaxSubgraphs)
        {
            throw root.Reject($"the model has {graphs.Length} subgraphs, 1 to {MaxSubgraphs} are "
                + "supported");
        }

        TfliteSubgraph[] subgraphs = [.. graphs.Select(Subgraph)];
        return new TfliteModel(
            root.Text(ModelFields.Description),
            subgraphs,
            [.. root.Tables(ModelFields.Metadata, "metadata").Select(NamedBuffer)],
            [.. root.Tables(ModelFields.SignatureDefs, "signature").Select(t =>
                Signature(t, subgraphs))],
            file.Bytes);
    }

    // Models above 2 GB keep their data after the FlatBuffers part; offsets 0 and 1 mean "inside".
    ReadOnlyMemory<byte> BufferBytes(FlatTable table)
    {
        long offset = table.Long(BufferFields.Offset);
        if (offset is 0 or 1)
        {
            return table.Bytes(BufferFields.Data);
        }

        return Outside(offset, table.Long(BufferFields.Size), table.Name);
    }

    ReadOnlyMemory<byte> Outside(long offset, long size, string what)
    {
        file.Need(offset, size, what);
        return file.Slice((int)offset, (int)size);
    }

    static (BuiltinOperator, string, int) Code(FlatTable table)
    {
        // Numbers below 127 stand in the first field, a signed byte, in files of every age.
        int old = (sbyte)table.Byte(OperatorCodeFields.DeprecatedBuiltinCode, 0);
        int code = Math.Max(old, table.Int(OperatorCodeFields.BuiltinCode));
        if (code < 0)
        {
            throw table.Reject($"builtin code {code} of {table.Name} is negative");
        }

        return ((BuiltinOperator)code, table.Text(OperatorCodeFields.CustomCode),
            table.Int(OperatorCodeFields.Version, 1));
    }

    TfliteSubgraph Subgraph(FlatTable table)
    {
        TfliteTensor[] tensors = [.. table.Tables(SubgraphFields.Tensors, "tensor").Select(Tensor)];
        return new TfliteSubgraph(
            table.Text(SubgraphFields.Name),
            tensors,
            Indices(table, SubgraphFields.Inputs, tensors.Length, 0),
            Indices(table, SubgraphFields.Outputs, tensors.Length, 0),
            [.. table.Tables(SubgraphFields.Operators, "operator")
                .Select(t => Operator(t, tensors.Length))]);
    }

    TfliteOperator Operator(FlatTable table, int tensors)
    {
        int code = table.Index(OperatorFields.OpcodeIndex);
        if (code >= codes.Length)
        {
            throw table.Reject($"{table.Name} has code index {code}, the model has {codes.Length}");
        }

        int optionsType = table.Byte(OperatorFields.BuiltinOptionsType, 0);
        string optionsName = $"options of {table.Name}";
        bool hasOptions =
            table.TryTable(OperatorFields.BuiltinOptions, optionsName, out FlatTable options);
        long customAt = table.Long(OperatorFields.LargeCustomOptionsOffset);
        return new TfliteOperator
        {
            Builtin = codes[code].Builtin,
            CustomCode = codes[code].Custom,
            Version = codes[code].Version,
            Inputs = Indices(table, OperatorFields.Inputs, tensors, -1),
            Outputs = Indices(table, OperatorFields.Outputs, tensors, 0),
            Intermediates = Indices(table, OperatorFields.Intermediates, tensors, -1),
            OptionsType = hasOptions ? optionsType : 0,
            OptionsTable = options,
            CustomOptions = customAt > 1
                ? Outside(customAt, table.Long(OperatorFields.LargeCustomOptionsSize), optionsName)
                : table.Bytes(OperatorFields.CustomOptions),
        };
    }

    TfliteTensor Tensor(FlatTable table)
    {
        string name = table.Text(TensorFields.Name);
        string place = name.Length == 0 ? table.Name : $"tensor '{name}'";
        var type = (TensorType)table.Byte(TensorFields.Type, 0);
        if (!Enum.IsDefined(type))
        {
            throw table.Reject($"{place} has element type {(int)type}, the schema ends at "
                + $"{(int)TensorType.FLOAT8_E5M2}");
        }

        if (table.Int(TensorFields.ExternalBuffer) != 0)
        {
            throw Reject.Unsupported(place, "its data is in another file",
                "export the model with its weights inside");
        }

        int buffer = table.Index(TensorFields.Buffer);
        if (buffer >= buffers.Length && buffer != 0)
        {
            throw table.Reject($"{place} has buffer {buffer}, the model has {buffers.Length}");
        }

        int[] dims = table.Ints(TensorFields.Shape);
        if (dims.Length > MaxRank)
        {
            throw table.Reject($"{place} has rank {dims.Length}, ranks up to {MaxRank} are read");
        }

        return new TfliteTensor
        {
            Name = name,
            Type = type,
            DType = type.ToDType(),
            Dims = dims,
            Signature = table.Ints(TensorFields.ShapeSignature),
            Quantization = Quantization(table),
            Sparsity = Sparsity(table),
            IsVariable = table.Bool(TensorFields.IsVariable),
            Data = buffer < buffers.Length ? buffers[buffer] : default,
        };
    }

    static TfliteQuantization? Quantization(FlatTable tensor)
    {
        if (!tensor.TryTable(TensorFields.Quantization, "quantization", out FlatTable table))
        {
            return null;
        }

        const int Blockwise = 2;
        TfliteBlocks? blocks = null;
        int details = table.Byte(QuantizationFields.DetailsType, 0);
        if (details == Blockwise
            && table.TryTable(QuantizationFields.Details, "block quantization", out FlatTable b))
        {
            blocks = new TfliteBlocks(b.Int(BlockwiseFields.Scales),
                b.Int(BlockwiseFields.ZeroPoints), b.Int(BlockwiseFields.BlockSize));
        }
        else if (details != 0)
        {
            throw table.Reject($"quantization kind {details} is not affine or blockwise (0 or 2)");
        }

        return new TfliteQuantization(
            table.Floats(QuantizationFields.Scale),
            table.Longs(QuantizationFields.ZeroPoint),
            table.Int(QuantizationFields.QuantizedDimension),
            table.Floats(QuantizationFields.Min),
            table.Floats(QuantizationFields.Max),
            blocks);
    }

    static TfliteSparsity? Sparsity(FlatTable tensor) =>
        tensor.TryTable(TensorFields.Sparsity, "sparsity", out FlatTable table)
            ? new TfliteSparsity(
                table.Ints(SparsityFields.TraversalOrder),
                table.Ints(SparsityFields.BlockMap),
                [.. table.Tables(SparsityFields.Dimensions, "sparse dimension").Select(Dimension)])
            : null;

    static TfliteSparseDimension Dimension(FlatTable table) => new(
        table.Byte(SparseDimensionFields.Format, 0) != 0,
        table.Int(SparseDimensionFields.DenseSize),
        SparseIndices(table, SparseDimensionFields.SegmentsType, SparseDimensionFields.Segments),
        SparseIndices(table, SparseDimensionFields.IndicesType, SparseDimensionFields.Indices));

    static int[] SparseIndices(FlatTable dimension, Field type, Field value)
    {
        if (!dimension.TryTable(value, value.Name, out FlatTable vector))
        {
            return [];
        }

        var values = new Field(0, "values");
        return dimension.Byte(type, 0) switch
        {
            1 => vector.Ints(values),
            2 => vector.Shorts(values),
            3 => [.. vector.Bytes(values).ToArray().Select(b => (int)b)],
            byte kind => throw dimension.Reject($"sparse index kind {kind} is not 1, 2 or 3"),
        };
    }

    TfliteNamedBuffer NamedBuffer(FlatTable table)
    {
        int buffer = table.Index(NamedBufferFields.Buffer);
        return buffer < buffers.Length
            ? new TfliteNamedBuffer(table.Text(NamedBufferFields.Name), buffers[buffer])
            : throw table.Reject(
                $"{table.Name} has buffer {buffer}, the model has {buffers.Length}");
    }

    static TfliteSignature Signature(FlatTable table, TfliteSubgraph[] subgraphs)
    {
        int graph = table.Index(SignatureFields.Subgraph);
        if (graph >= subgraphs.Length)
        {
            throw table.Reject(
                $"{table.Name} runs subgraph {graph}, the model has {subgraphs.Length}");
        }

        int tensors = subgraphs[graph].Tensors.Length;
        return new TfliteSignature(table.Text(SignatureFields.Key), graph,
            Maps(table, SignatureFields.Inputs, tensors),
            Maps(table, SignatureFields.Outputs, tensors));
    }

    static TfliteTensorMap[] Maps(FlatTable signature, Field field, int tensors)
    {
        FlatTable[] maps = signature.Tables(field, $"{signature.Name} {field.Name}");
        return [.. maps.Select(t =>
        {
            int tensor = t.Index(TensorMapFields.Tensor);
            return tensor < tensors
                ? new TfliteTensorMap(t.Text(TensorMapFields.Name), tensor)
                : throw t.Reject($"{t.Name} names tensor {tensor}, the subgraph has {tensors}");
        })];
    }

    static int[] Indices(FlatTable table, Field field, int count, int lowest)
    {
        int[] indices = table.Ints(field);
        foreach (int i in indices)
        {
            if (i < lowest || i >= count)
            {
                throw table.Reject($"{table.Name}.{field.Name} names tensor {i}, the subgraph has "
                    + $"{count}");
            }
        }

        return indices;
    }
}
