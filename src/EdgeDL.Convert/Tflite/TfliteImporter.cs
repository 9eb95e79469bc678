using EdgeDL.Convert.Tflite.Import;
using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Graphs;

namespace EdgeDL.Convert.Tflite;

/// <summary>
/// Turns a .tflite file into a model: ops are mapped, constant operands become attributes, small
/// constant subgraphs are computed. Nothing else is changed; that is what passes are for.
/// </summary>
public static class TfliteImporter
{
    /// <summary>Imports a file from memory.</summary>
    /// <exception cref="InvalidModelException">
    /// The bytes are damaged, or the model needs something that EdgeDL does not have; then the
    /// message lists every op that is missing.
    /// </exception>
    public static Model Import(ReadOnlyMemory<byte> file, ImportOptions options) =>
        Import(TfliteModel.Parse(file), options);

    /// <summary>Imports a file.</summary>
    /// <inheritdoc cref="Import(ReadOnlyMemory{byte}, ImportOptions)"/>
    /// <exception cref="IOException">The file is missing or can't be read.</exception>
    public static Model Import(string path, ImportOptions options) =>
        Import(File.ReadAllBytes(path), options);

    internal static Model Import(TfliteModel source, ImportOptions options)
    {
        RejectUnknownOps(source);
        RejectUnknownInputs(source, options);
        var import = new ModelImport(source, options);
        import.Run();
        TfliteMetadata metadata = TfliteMetadata.Read(source);
        foreach (string note in metadata.Notes)
        {
            options.Log?.Invoke($"metadata: {note}");
        }

        Describe(import.Model, metadata, source);
        return import.Model;
    }

    static void RejectUnknownOps(TfliteModel source)
    {
        var missing = new List<string>();
        foreach (TfliteSubgraph graph in source.Subgraphs)
        {
            foreach (TfliteOperator op in graph.Operators)
            {
                if (ImportTable.All.Find(op) is null)
                {
                    string node = op.Outputs.Length > 0 ? graph.Tensors[op.Outputs[0]].Name : "";
                    missing.Add($"{op.OpName} v{op.Version} at '{node}'");
                }
            }
        }

        if (missing.Count > 0)
        {
            const int Shown = 50;
            string list = string.Join(", ", missing.Take(Shown));
            string more = missing.Count > Shown ? $" and {missing.Count - Shown} more" : "";
            throw Reject.Unsupported("TFLite model", $"{missing.Count} ops are not supported: "
                + list + more, "export the model without them, or cut it before the first");
        }
    }

    static void RejectUnknownInputs(TfliteModel source, ImportOptions options)
    {
        TfliteSubgraph main = source.Subgraphs[0];
        string[] names = [.. main.Inputs.Select(i => main.Tensors[i].Name)];
        if (options.Dimensions.Count > 0)
        {
            throw new ArgumentException("a .tflite file has no dimensions with names: give shapes "
                + "for its inputs");
        }

        foreach (string name in options.InputShapes.Keys)
        {
            if (!names.Contains(name))
            {
                throw new ArgumentException(
                    $"the model has no input '{name}', it has: {string.Join(", ", names)}");
            }
        }
    }

    static void Describe(Model model, TfliteMetadata metadata, TfliteModel source)
    {
        model.Labels.AddRange(metadata.Labels);
        foreach ((string key, string value) in metadata.Facts)
        {
            model.Metadata[key] = value;
        }

        if (source.Description.Length > 0)
        {
            model.Metadata.TryAdd("description", source.Description);
        }

        for (int i = 0; i < Math.Min(metadata.Inputs.Count, model.Main.Inputs.Count); i++)
        {
            if (metadata.Inputs[i] is { } input)
            {
                model.Preprocessing.Add(new Preprocessing
                {
                    Input = i,
                    Kind = input.IsImage ? InputKind.Image : InputKind.Raw,
                    Channels = input.IsGray ? ChannelOrder.Gray : ChannelOrder.Rgb,
                    Mean = input.Mean,
                    Scale = 1 / input.Std,
                });
            }
        }
    }
}
