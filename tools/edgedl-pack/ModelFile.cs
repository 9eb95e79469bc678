using EdgeDL.Convert;
using EdgeDL.Graphs;

namespace EdgeDL.Pack;

/// <summary>Opens models of any format that the tool knows.</summary>
static class ModelFile
{
    /// <summary>Opens an .edl file, or converts any other.</summary>
    public static Model Open(string path)
    {
        Exists(path);
        return IsEdl(path) ? Model.Load(path) : Convert(path, [], log: null);
    }

    /// <summary>Imports a model and runs the passes over it.</summary>
    public static Model Convert(string path, Dictionary<string, int[]> shapes, Action<string>? log)
    {
        Exists(path);
        if (IsEdl(path))
        {
            throw new UsageException($"'{path}' is an .edl file already");
        }

        long bytes = new FileInfo(path).Length;
        if (bytes > int.MaxValue)
        {
            throw new UsageException(
                $"'{path}' has {bytes} bytes, a .tflite file has at most 2 GiB");
        }

        byte[] file = File.ReadAllBytes(path);
        if (file.Length < 8 || !file.AsSpan(4, 4).SequenceEqual("TFL3"u8))
        {
            throw new InvalidModelException(
                $"'{path}'", "neither an .edl nor a .tflite file",
                    "give a file of one of these formats");
        }

        try
        {
            return Converter.Convert(file, new ImportOptions { InputShapes = shapes, Log = log });
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
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
