using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using EdgeDL.Convert.Tflite.Schema;

namespace EdgeDL.Convert.Tflite;

/// <summary>What the model's own metadata says about one input picture or number.</summary>
sealed record TfliteNormalization(bool IsImage, bool IsGray, float Mean, float Std);

/// <summary>
/// The parts of TFLite Metadata that EdgeDL carries over: the name and licence, how inputs are
/// normalised, and the label file, which lies in a zip archive behind the model.
/// </summary>
/// <remarks>tflite-support metadata_schema.fbs, identifier M001.</remarks>
sealed class TfliteMetadata
{
    const string BufferName = "TFLITE_METADATA";
    const int MaxLabelBytes = 1 << 20;

    /// <summary>
    /// Facts for users: name, version, author, licence, description; may be empty.
    /// </summary>
    public Dictionary<string, string> Facts { get; } = [];

    /// <summary>
    /// One for each input that the metadata describes; null where it says nothing.
    /// </summary>
    public List<TfliteNormalization?> Inputs { get; } = [];

    /// <summary>Class names by index; empty if the file carries none.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>Why something in the metadata was left out; empty if nothing was.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>
    /// Reads what is there. Metadata only describes: damage in it is noted, never a refusal.
    /// </summary>
    public static TfliteMetadata Read(TfliteModel model)
    {
        var metadata = new TfliteMetadata();
        foreach (TfliteNamedBuffer buffer in model.Metadata)
        {
            if (buffer.Name == BufferName && buffer.Data.Length > 0)
            {
                try
                {
                    metadata.ReadTables(buffer.Data, model.File);
                }
                catch (InvalidModelException e)
                {
                    metadata.Notes.Add(e.Message);
                }
            }
        }

        return metadata;
    }

    void ReadTables(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> modelFile)
    {
        FlatTable root = new FlatFile(bytes, "TFLite metadata").Root("M001", "metadata");
        Fact("name", root.Text(new Field(0, "name")));
        Fact("description", root.Text(new Field(1, "description")));
        Fact("version", root.Text(new Field(2, "version")));
        Fact("author", root.Text(new Field(4, "author")));
        Fact("licence", root.Text(new Field(5, "license")));
        FlatTable[] graphs = root.Tables(new Field(3, "subgraph_metadata"), "subgraph metadata");
        if (graphs.Length == 0)
        {
            return;
        }

        var inputs = new Field(2, "input_tensor_metadata");
        foreach (FlatTable input in graphs[0].Tables(inputs, "input metadata"))
        {
            Inputs.Add(Normalization(input));
        }

        var outputs = new Field(3, "output_tensor_metadata");
        var files = new Field(6, "associated_files");
        foreach (FlatTable output in graphs[0].Tables(outputs, "output metadata"))
        {
            foreach (FlatTable file in output.Tables(files, "associated file"))
            {
                ReadLabels(file, modelFile);
            }
        }
    }

    void Fact(string key, string value)
    {
        if (value.Length > 0)
        {
            Facts[key] = value;
        }
    }

    static TfliteNormalization? Normalization(FlatTable tensor)
    {
        const int ImageProperties = 2;
        const int Grayscale = 2;
        const int NormalizationOptions = 1;
        bool isImage = false;
        bool isGray = false;
        if (tensor.TryTable(new Field(3, "content"), "content", out FlatTable content)
            && content.Byte(new Field(0, "content_properties_type"), 0) == ImageProperties)
        {
            isImage = true;
            isGray =
                content.TryTable(new Field(1, "content_properties"), "image", out FlatTable image)
                && image.Byte(new Field(0, "color_space"), 0) == Grayscale;
        }

        foreach (FlatTable unit in tensor.Tables(new Field(4, "process_units"), "process unit"))
        {
            if (unit.Byte(new Field(0, "options_type"), 0) == NormalizationOptions
                && unit.TryTable(new Field(1, "options"), "normalization", out FlatTable options))
            {
                float[] mean = options.Floats(new Field(0, "mean"));
                float[] std = options.Floats(new Field(1, "std"));
                if (IsOneValue(mean) && IsOneValue(std) && float.IsFinite(1 / std[0]))
                {
                    return new TfliteNormalization(isImage, isGray, mean[0], std[0]);
                }
            }
        }

        return isImage ? new TfliteNormalization(isImage, isGray, 0, 1) : null;
    }

    static bool IsOneValue(float[] values) =>
        values.Length > 0 && float.IsFinite(values[0]) && values.All(v => v == values[0]);

    void ReadLabels(FlatTable file, ReadOnlyMemory<byte> modelFile)
    {
        const int AxisLabels = 2;
        const int ValueLabels = 3;
        string name = file.Text(new Field(0, "name"));
        bool isLabels = file.Byte(new Field(2, "type"), 0) is AxisLabels or ValueLabels;
        if (!isLabels || Labels.Count > 0)
        {
            return;
        }

        try
        {
            using var archive = new ZipArchive(AsStream(modelFile), ZipArchiveMode.Read);
            ZipArchiveEntry? entry = archive.GetEntry(name);
            if (entry is null || entry.Length > MaxLabelBytes)
            {
                Notes.Add($"label file '{name}' "
                    + (entry is null ? "is not in the file"
                        : $"has {entry.Length} bytes, too many"));
                return;
            }

            using Stream stream = entry.Open();
            var bytes = new byte[MaxLabelBytes];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string text = Encoding.UTF8.GetString(bytes, 0, length);
            Labels.AddRange(text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException
            or ArgumentException or OverflowException)
        {
            Notes.Add($"label file '{name}' cannot be read: {e.Message}");
        }
    }

    static MemoryStream AsStream(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> a)
            ? new MemoryStream(a.Array!, a.Offset, a.Count, writable: false)
            : new MemoryStream(memory.ToArray(), writable: false);
}
