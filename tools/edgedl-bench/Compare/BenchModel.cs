using EdgeDL.Convert;
using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Bench.Compare;

/// <summary>A model to measure: where it comes from, and its ONNX file if it came as one.
/// </summary>
sealed record BenchModel(string Name, Func<Model> Open)
{
    /// <summary>The file that it was imported from, if that is ONNX.</summary>
    public string? OnnxPath { get; init; }

    /// <summary>Files of any format that is known.</summary>
    public static BenchModel OfFile(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        string? folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)));
        return new BenchModel(
            stem == "model" && folder is not null ? folder : stem, () => OpenFile(path))
        {
            OnnxPath = HasEnding(path, ".onnx") ? path : null,
        };
    }

    /// <summary>Whether a file goes by an ending that can be measured.</summary>
    public static bool IsModel(string path) =>
        HasEnding(path, ".edl") || HasEnding(path, ".tflite") || HasEnding(path, ".onnx");

    static bool HasEnding(string path, string ending) =>
        path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    static Model OpenFile(string path)
    {
        if (HasEnding(path, ".edl"))
        {
            return Model.Load(path);
        }

        using Model converted = Converter.Convert(path, new ImportOptions());
        return Packed(converted);
    }

    /// <summary>The model as a device would load it.</summary>
    public static Model Packed(Model model) => Model.Load(model.ToBytes(), OpSet.All);
}
