using EdgeDL.Convert;
using EdgeDL.Graphs;

namespace EdgeDL.Pack;

/// <summary>Opens models of any format that the tool knows.</summary>
static class ModelFile
{
    /// <summary>Opens an .edl file, or converts any other.</summary>
    public static Model Open(string path) => Open(path, new ImportOptions());

    /// <inheritdoc cref="Open(string)"/>
    public static Model Open(string path, ImportOptions options)
    {
        Exists(path);
        if (!IsEdl(path))
        {
            return Convert(path, options);
        }

        // What a device may leave to a later check, the desk compares at once.
        Model model = Model.Load(path);
        model.VerifyWeights();
        return model;
    }

    /// <summary>Imports a model and runs the passes over it.</summary>
    public static Model Convert(string path, ImportOptions options)
    {
        Exists(path);
        if (IsEdl(path))
        {
            throw new UsageException(
                $"'{path}' is an .edl file already: --target packs its weights for a CPU");
        }

        long bytes = new FileInfo(path).Length;
        if (bytes > int.MaxValue)
        {
            throw new UsageException(
                $"'{path}' has {bytes} bytes, a model file has at most 2 GiB; an .onnx model may "
                    + "keep its weights in a file beside it");
        }

        try
        {
            return Converter.Convert(path, options);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>True for a file that goes by the ending .onnx.</summary>
    public static bool IsOnnx(string path)
    {
        Exists(path);
        return path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
    }

    static void Exists(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"there is no file '{path}'");
        }
    }

    static bool IsEdl(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> mark = stackalloc byte[4];
        return file.ReadAtLeast(mark, 4, throwOnEndOfStream: false) == 4
            && mark.SequenceEqual("EDL\x1A"u8);
    }
}
