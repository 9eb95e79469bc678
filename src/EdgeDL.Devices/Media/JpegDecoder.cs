using System.Buffers.Binary;
using System.Runtime.InteropServices;
using StbImageSharp;

namespace EdgeDL.Devices.Media;

/// <summary>
/// JPEG through StbImageSharp, after our own look at the header: size and number of scans decide
/// what decoding costs, and the library asks neither.
/// </summary>
static class JpegDecoder
{
    const byte StartOfScan = 0xDA;
    const long ScanPixelsLimit = 1L << 30;

    public static bool Recognizes(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    public static Image Decode(byte[] bytes, string place, MediaLimits limits)
    {
        CheckHeader(bytes, place, limits);
        try
        {
            return DecodeChecked(bytes)
                ?? throw Damaged(
                    place, $"has damaged JPEG data: {StbImage.stbi__g_failure_reason}");
        }
        catch (Exception e) when (e is not (OutOfMemoryException or MediaException))
        {
            // The library reports some damage by whatever its arithmetic ran into.
            throw Damaged(place, "has damaged JPEG data");
        }
    }

    // The JPEG entry itself: the one for any format would keep six more decoders in the program.
    static unsafe Image? DecodeChecked(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var context = new StbImage.stbi__context(stream);
        var info = default(StbImage.stbi__result_info);
        int width, height, storedChannels;
        var pixels = (byte*)StbImage.stbi__jpeg_load(
            context, &width, &height, &storedChannels, 3, &info);
        if (pixels == null)
        {
            return null;
        }

        try
        {
            var copy = new ReadOnlySpan<byte>(pixels, checked(width * height * 3)).ToArray();
            return new Image(width, height, 3, copy);
        }
        finally
        {
            // What the library allocates comes from this allocator.
            Marshal.FreeHGlobal((nint)pixels);
        }
    }

    // Walks the segments as ITU-T T.81 annex B lays them out, up to the first scan.
    static void CheckHeader(ReadOnlySpan<byte> bytes, string place, MediaLimits limits)
    {
        var at = 2;
        long pixels = 0;
        while (true)
        {
            while (at < bytes.Length && bytes[at] != 0xFF)
            {
                at++;
            }

            while (at < bytes.Length && bytes[at] == 0xFF)
            {
                at++;
            }

            if (at + 3 > bytes.Length)
            {
                throw Damaged(place, "ends before its first scan");
            }

            var marker = bytes[at++];
            if (marker == StartOfScan)
            {
                break;
            }

            if (marker is 0 or 1 or (>= 0xD0 and <= 0xD9))
            {
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            if (marker is >= 0xC0 and <= 0xC2)
            {
                pixels = FramePixels(bytes[at..], place, limits);
            }
            else if (marker is >= 0xC3 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                throw new MediaException(
                    place,
                    "is a lossless, hierarchical or arithmetic-coded JPEG",
                    "save it as an ordinary (baseline or progressive) JPEG");
            }

            at += Math.Max(2, length);
        }

        if (pixels == 0)
        {
            throw Damaged(place, "has no frame header");
        }

        CheckScans(bytes[at..], pixels, place);
    }

    static long FramePixels(ReadOnlySpan<byte> frame, string place, MediaLimits limits)
    {
        if (frame.Length < 8)
        {
            throw Damaged(place, "ends inside its frame header");
        }

        var height = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(frame[5..]);
        ImageFile.CheckSize(width, height, place, limits);
        return (long)width * height;
    }

    // Every scan visits every block again, even one of ten bytes.
    static void CheckScans(ReadOnlySpan<byte> rest, long pixels, string place)
    {
        long scans = 1;
        ReadOnlySpan<byte> mark = [0xFF, StartOfScan];
        int next;
        while ((next = rest.IndexOf(mark)) >= 0)
        {
            scans++;
            rest = rest[(next + mark.Length)..];
        }

        if (scans > 1 && scans * pixels > ScanPixelsLimit)
        {
            throw new MediaException(
                place,
                $"has {scans} scans of {pixels} pixels",
                "save it as a baseline JPEG");
        }
    }

    static MediaException Damaged(string place, string finding) =>
        new(place, finding, "copy or save the JPEG again");
}
