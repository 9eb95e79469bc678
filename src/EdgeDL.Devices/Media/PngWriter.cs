using System.Buffers.Binary;
using System.IO.Compression;

namespace EdgeDL.Devices.Media;

/// <summary>Images into PNG files (ISO/IEC 15948): 8 bits, gray or RGB, the Sub filter.</summary>
public static class PngWriter
{
    /// <summary>Writes <paramref name="image"/> to a file, whole or not at all.</summary>
    /// <exception cref="MediaException">The place cannot be written.</exception>
    public static void Save(Image image, string path)
    {
        var bytes = Encode(image);
        var temporary = path + ".part";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new MediaException(
                path, "cannot be written", "check that the directory exists and may be written");
        }
    }

    /// <summary>The bytes of a PNG file with this image.</summary>
    public static byte[] Encode(Image image)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)(image.Channels == 1 ? 0 : 2);
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Deflate(image));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    static byte[] Deflate(Image image)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var rowBytes = image.Width * image.Channels;
            var filtered = new byte[rowBytes + 1];
            filtered[0] = 1;
            for (var y = 0; y < image.Height; y++)
            {
                var row = image.Pixels.AsSpan(y * rowBytes, rowBytes);
                for (var i = 0; i < rowBytes; i++)
                {
                    var left = i < image.Channels ? 0 : row[i - image.Channels];
                    filtered[i + 1] = (byte)(row[i] - left);
                }

                zlib.Write(filtered);
            }
        }

        return packed.ToArray();
    }

    static void WriteChunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        file.Write(kind);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(Crc(uint.MaxValue, kind), data));
        file.Write(word);
    }

    // CRC-32 of annex D, reflected polynomial, bit by bit: a file is written once in a while.
    static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
            }
        }

        return crc;
    }
}
