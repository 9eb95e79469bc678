using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Passes;
using EdgeDL.Convert.Tflite;
using EdgeDL.Graphs;

namespace EdgeDL.Convert;

/// <summary>From a model file of another framework to a model that is ready to be packed.</summary>
public static class Converter
{
    /// <summary>Imports a .tflite or .onnx file and runs every pass on it.</summary>
    /// <param name="file">The bytes; they say themselves which of the two they are.</param>
    /// <param name="options">What the caller decides.</param>
    /// <param name="folder">Where an .onnx file's external data may lie; null: nowhere.</param>
    /// <inheritdoc cref="TfliteImporter"/>
    public static Model Convert(
        ReadOnlyMemory<byte> file, ImportOptions options, string? folder = null)
    {
        Model model;
        if (IsTflite(file.Span))
        {
            model = TfliteImporter.Import(file, options);
            PassPipeline.Run(model, options.Log);
        }
        else
        {
            model = OnnxImporter.Import(file, options, folder);
            PassPipeline.RunWithinOneStep(model, options.Log);
        }

        return model;
    }

    /// <summary>Imports a .tflite or .onnx file and runs every pass on it.</summary>
    /// <inheritdoc cref="TfliteImporter.Import(string, ImportOptions)"/>
    public static Model Convert(string path, ImportOptions options) => Convert(
        File.ReadAllBytes(path), options, Path.GetDirectoryName(Path.GetFullPath(path)));

    // A FlatBuffer's identifier stands behind its first offset; an ONNX file has none.
    static bool IsTflite(ReadOnlySpan<byte> file) =>
        file.Length >= 8 && file[4..8].SequenceEqual("TFL3"u8);
}
