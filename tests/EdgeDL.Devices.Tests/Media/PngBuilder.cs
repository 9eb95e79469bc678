using System.Buffers.Binary;
using System.IO.Compression;

namespace EdgeDL.Devices.Tests.Media;

/// <summary>PNG files of any kind from raw filtered rows; check sums are left zero.</summary>
static class PngBuilder
{
    public static byte[] File(
        int width,
        int height,
        byte bits,
        byte colourType,
        byte interlace,
        byte[] palette,
        byte[] rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = bits;
        header[9] = colourType;
        header[12] = interlace;
        Chunk(file, "IHDR"u8, header);
        if (palette.Length > 0)
        {
            Chunk(file, "PLTE"u8, palette);
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    static void Chunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        file.Write(kind);
        file.Write(data);
        file.Write([0, 0, 0, 0]);
    }
}
