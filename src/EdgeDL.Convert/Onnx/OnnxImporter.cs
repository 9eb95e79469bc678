using EdgeDL.Convert.Onnx.Import;
using EdgeDL.Graphs;

namespace EdgeDL.Convert.Onnx;

/// <summary>
/// Turns an .onnx file into a model: nodes are mapped, operands that decide shapes become
/// attributes, functions and bodies of known length are copied in, [N, C, …] becomes [N, …, C]
/// round spatial ops. Nothing else is changed; that is what passes are for.
/// </summary>
public static class OnnxImporter
{
    /// <summary>Imports a file from memory.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="options">What the caller decides.</param>
    /// <param name="folder">Where external data may lie; null: nowhere.</param>
    /// <exception cref="InvalidModelException">
    /// The bytes are damaged, or the model needs something that EdgeDL does not have; then the
    /// message lists every operator that is missing.
    /// </exception>
    public static Model Import(ReadOnlyMemory<byte> file, ImportOptions options, string? folder)
    {
        OnnxFile source = OnnxFile.Parse(file, folder);
        UnknownOperators.Reject(source);
        RejectUnknownInputs(source, options);
        var import = new ModelImport(source, options);
        import.Run();
        Describe(import.Model, source);
        return import.Model;
    }

    /// <summary>Imports a file.</summary>
    /// <inheritdoc cref="Import(ReadOnlyMemory{byte}, ImportOptions, string)"/>
    /// <exception cref="IOException">The file is missing or can't be read.</exception>
    public static Model Import(string path, ImportOptions options) => Import(
        File.ReadAllBytes(path), options, Path.GetDirectoryName(Path.GetFullPath(path)));

    static void RejectUnknownInputs(OnnxFile source, ImportOptions options)
    {
        string[] names = [.. source.Graph.Input.Select(i => i.Name)];
        foreach (string name in options.InputShapes.Keys
            .Concat(options.InputValues.Keys).Concat(options.InputNumbers.Keys))
        {
            // A list's items go by the list's name and a number: x[0].
            if (!names.Contains(name) && !names.Contains(name.Split('[')[0]))
            {
                throw new ArgumentException(
                    $"the model has no input '{name}', it has: {string.Join(", ", names)}");
            }
        }
    }

    static void Describe(Model model, OnnxFile source)
    {
        foreach (Schema.StringStringEntryProto entry in source.Model.MetadataProps)
        {
            model.Metadata[entry.Key] = entry.Value;
        }

        if (source.Model.ProducerName.Length > 0)
        {
            model.Metadata.TryAdd("producer",
                $"{source.Model.ProducerName} {source.Model.ProducerVersion}".TrimEnd());
        }

        if (source.Model.DocString.Length > 0)
        {
            model.Metadata.TryAdd("description", source.Model.DocString);
        }
    }
}
