using EdgeDL.Convert.Passes;
using EdgeDL.Convert.Tflite;
using EdgeDL.Graphs;

namespace EdgeDL.Convert;

/// <summary>From a model file of another framework to a model that is ready to be packed.</summary>
public static class Converter
{
    /// <summary>Imports a .tflite file and runs every pass on it.</summary>
    /// <inheritdoc cref="TfliteImporter"/>
    public static Model Convert(ReadOnlyMemory<byte> file, ImportOptions options)
    {
        Model model = TfliteImporter.Import(file, options);
        PassPipeline.Run(model, options.Log);
        return model;
    }

    /// <summary>Imports a .tflite file and runs every pass on it.</summary>
    /// <inheritdoc cref="TfliteImporter.Import(string, ImportOptions)"/>
    public static Model Convert(string path, ImportOptions options) =>
        Convert(File.ReadAllBytes(path), options);
}
