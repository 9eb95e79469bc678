using EdgeDL.Convert.Onnx.Schema;
using Google.Protobuf;

namespace EdgeDL.Convert.Onnx;

/// <summary>
/// A parsed .onnx file: opsets by domain, functions by name, and the folder that external data
/// may come from.
/// </summary>
sealed class OnnxFile
{
    const int MaxNesting = 64;

    OnnxFile(ModelProto model, long bytes, string? folder)
    {
        Model = model;
        Bytes = bytes;
        External = new ExternalData(folder);
        Opsets = new Opsets(model.OpsetImport, "the model");
        foreach (FunctionProto function in model.Functions)
        {
            Functions[(Opsets.Normal(function.Domain), function.Name)] = function;
        }
    }

    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    /// <summary>The file's length.</summary>
    public long Bytes { get; }

    /// <summary>Tensors that lie in files beside the model.</summary>
    public ExternalData External { get; }

    public Opsets Opsets { get; }

    /// <summary>The model's own functions, by domain and name.</summary>
    public Dictionary<(string Domain, string Name), FunctionProto> Functions { get; } = [];

    /// <summary>Parses a file.</summary>
    /// <param name="file">Hostile bytes.</param>
    /// <param name="folder">Where the file lies; null if it has no place.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    public static OnnxFile Parse(ReadOnlyMemory<byte> file, string? folder)
    {
        ModelProto model;
        try
        {
            using var stream = new MemoryStream(file.ToArray(), writable: false);
            using var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, MaxNesting);
            model = ModelProto.Parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Reject.Model("model file",
                $"its {file.Length} bytes are neither a .tflite nor a sound .onnx file "
                    + $"({e.Message.TrimEnd('.')})");
        }

        if (model.Graph is null || (model.Graph.Node.Count == 0 && model.Graph.Output.Count == 0))
        {
            throw Reject.Model(
                "model file", "it is neither a .tflite nor an .onnx file: it holds no graph");
        }

        if (model.OpsetImport.Count == 0)
        {
            throw Reject.Model("ONNX model", "it names no operator set");
        }

        return new OnnxFile(model, file.Length, folder);
    }
}
