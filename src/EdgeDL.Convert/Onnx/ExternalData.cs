using EdgeDL.Convert.Onnx.Schema;

namespace EdgeDL.Convert.Onnx;

/// <summary>
/// Reads tensors from files beside the model. A name that leads out of the model's folder, by
/// "..", an absolute path or a symbolic link, is refused.
/// </summary>
/// <remarks>A hard link is a file of the folder like any other, and is read: it leads nowhere, it
/// can only be made by somebody whom the system lets link the file, and package stores are full of
/// them. Who unpacks archives of strangers should let the unpacker refuse links.</remarks>
sealed class ExternalData(string? folder)
{
    const string Remedy = "keep the data file in the model's folder, or save the model with its "
        + "weights inside";

    /// <summary>The bytes of a tensor.</summary>
    /// <param name="t">A tensor whose data_location is EXTERNAL.</param>
    /// <param name="place">Named in messages.</param>
    /// <param name="needed">How many bytes the tensor takes.</param>
    public byte[] Read(TensorProto t, string place, long needed)
    {
        string location = "";
        long offset = 0;
        long length = needed;
        foreach (StringStringEntryProto entry in t.ExternalData)
        {
            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset":
                    offset = Number(entry, place);
                    break;
                case "length":
                    length = Number(entry, place);
                    break;
            }
        }

        string path = Resolve(location, place);
        if (length != needed)
        {
            throw Reject.Model(place, $"it takes {needed} bytes, its external data has {length}");
        }

        using FileStream file = File.OpenRead(path);
        if (offset > file.Length - needed)
        {
            throw Reject.Model(place,
                $"bytes {offset} to {offset + needed} are outside '{location}' of {file.Length}");
        }

        var bytes = new byte[needed];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    string Resolve(string location, string place)
    {
        if (folder is null)
        {
            throw Reject.Unsupported(
                place, "its data is in another file, and the model was not read from one", Remedy);
        }

        string[] parts = location.Split('/', '\\');
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Contains('\0')
            || parts.Any(p => p is ".." or "" || p.Contains(':')))
        {
            throw Reject.Unsupported(
                place, $"its data file '{location}' is not below the model's folder", Remedy);
        }

        string path = folder;
        for (int i = 0; i < parts.Length; i++)
        {
            path = Path.Combine(path, parts[i]);
            FileSystemInfo info = i < parts.Length - 1 ? new DirectoryInfo(path)
                : new FileInfo(path);
            if (info.LinkTarget is not null)
            {
                throw Reject.Unsupported(place, $"its data file '{location}' is a link", Remedy);
            }
        }

        return File.Exists(path)
            ? path
            : throw Reject.Unsupported(
                place, $"its data file '{location}' is not there", Remedy);
    }

    static long Number(StringStringEntryProto entry, string place) =>
        long.TryParse(entry.Value, out long number) && number >= 0
            ? number
            : throw Reject.Model(
                place, $"'{entry.Value}' is no {entry.Key} of external data");
}
