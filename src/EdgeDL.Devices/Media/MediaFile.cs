namespace EdgeDL.Devices.Media;

/// <summary>Whole files and streams into memory, never more than a limit.</summary>
public static class MediaFile
{
    /// <summary>The bytes of a file.</summary>
    /// <exception cref="MediaException">Missing, unreadable, not a file, or over the limit.
    /// </exception>
    public static byte[] Read(string path, long limitBytes)
    {
        if (Directory.Exists(path))
        {
            throw new MediaException(path, "is a directory", "name a file");
        }

        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, path, limitBytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MediaException(path, "does not exist", "check the path");
        }
        catch (UnauthorizedAccessException)
        {
            throw new MediaException(path, "may not be read", "check its permissions");
        }
        catch (IOException)
        {
            throw new MediaException(path, "cannot be read", "check the device and the path");
        }
    }

    /// <summary>The rest of a stream; <paramref name="place"/> names it in messages.</summary>
    /// <exception cref="MediaException">More than <paramref name="limitBytes"/>.</exception>
    public static byte[] Read(Stream stream, string place, long limitBytes)
    {
        // A pipe or a /proc file has no useful length: grow by what really arrives.
        using var memory = new MemoryStream();
        var chunk = new byte[64 << 10];
        int count;
        while ((count = stream.Read(chunk)) > 0)
        {
            if (memory.Length + count > limitBytes)
            {
                throw new MediaException(
                    place,
                    $"is larger than {limitBytes} bytes",
                    "use a smaller file");
            }

            memory.Write(chunk, 0, count);
        }

        return memory.ToArray();
    }
}
