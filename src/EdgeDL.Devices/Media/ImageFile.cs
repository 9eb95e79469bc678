namespace EdgeDL.Devices.Media;

/// <summary>Pictures from files: BMP, PNG and JPEG, told apart by their first bytes.</summary>
public static class ImageFile
{
    /// <summary>File name endings that <see cref="Load(string)"/> is meant for.</summary>
    public static bool HasImageExtension(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".bmp" or ".png" or ".jpg" or ".jpeg";

    /// <summary>Whether the bytes start as a picture that can be decoded does.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> bytes) =>
        BmpDecoder.Recognizes(bytes) || PngDecoder.Recognizes(bytes)
        || JpegDecoder.Recognizes(bytes);

    /// <summary>The picture in a file, with the limits of <see cref="MediaLimits.Default"/>.
    /// </summary>
    /// <exception cref="MediaException">Missing, damaged, of another kind, or too large.
    /// </exception>
    public static Image Load(string path) => Load(path, MediaLimits.Default);

    /// <inheritdoc cref="Load(string)"/>
    public static Image Load(string path, MediaLimits limits) =>
        Decode(MediaFile.Read(path, limits.FileBytes), path, limits);

    /// <summary>The picture in these bytes; <paramref name="place"/> names it in messages.
    /// </summary>
    /// <exception cref="MediaException">Damaged, of another kind, or over the limits.</exception>
    public static Image Decode(byte[] bytes, string place, MediaLimits limits)
    {
        if (BmpDecoder.Recognizes(bytes))
        {
            return new BmpDecoder(bytes, place, limits).Decode();
        }

        if (PngDecoder.Recognizes(bytes))
        {
            return new PngDecoder(bytes, place, limits).Decode();
        }

        if (JpegDecoder.Recognizes(bytes))
        {
            return JpegDecoder.Decode(bytes, place, limits);
        }

        throw new MediaException(
            place,
            bytes.Length == 0 ? "is empty" : "is not a BMP, PNG or JPEG picture",
            "convert it to one of these");
    }

    internal static void CheckSize(long width, long height, string place, MediaLimits limits)
    {
        if (width < 1 || height < 1)
        {
            throw new MediaException(place, $"has size {width}×{height}", "save the picture again");
        }

        // Each side first: a product of two 32-bit sides must not wrap.
        if (width > limits.Pixels || height > limits.Pixels || width * height > limits.Pixels)
        {
            throw new MediaException(
                place,
                $"has {width}×{height} pixels, more than the {limits.Pixels} allowed",
                "scale the picture down");
        }
    }
}
