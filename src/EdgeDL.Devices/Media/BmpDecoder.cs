using System.Buffers.Binary;

namespace EdgeDL.Devices.Media;

/// <summary>
/// Windows bitmaps without compression: 8 bits with a palette, 24 and 32 bits.
/// Layout: BITMAPFILEHEADER and BITMAPINFOHEADER of the Windows GDI documentation.
/// </summary>
sealed class BmpDecoder(byte[] bytes, string place, MediaLimits limits)
{
    const int FileHeaderBytes = 14;
    const int InfoHeaderBytes = 40;
    const uint Uncompressed = 0;
    const uint BitFields = 3;

    public static bool Recognizes(ReadOnlySpan<byte> bytes) => bytes.StartsWith("BM"u8);

    public Image Decode()
    {
        if (bytes.Length < FileHeaderBytes + InfoHeaderBytes)
        {
            throw Damaged($"ends inside the header ({bytes.Length} bytes)");
        }

        var pixelsAt = UInt32(10);
        var headerBytes = UInt32(14);
        var width = Int32(18);
        var storedHeight = Int32(22);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(28));
        var compression = UInt32(30);
        if (headerBytes < InfoHeaderBytes || headerBytes > bytes.Length - FileHeaderBytes)
        {
            throw Damaged($"has an information header of {headerBytes} bytes");
        }

        // Rows are stored from the bottom up unless the height is negative.
        var height = Math.Abs((long)storedHeight);
        ImageFile.CheckSize(width, height, place, limits);
        CheckFormat(bits, compression);

        // Rows are padded to four bytes.
        var rowBytes = ((((long)width * bits) + 31) / 32) * 4;
        if (pixelsAt > bytes.Length || rowBytes * height > bytes.Length - pixelsAt)
        {
            throw Damaged(
                $"has {bytes.Length} bytes where {pixelsAt + (rowBytes * height)} are needed");
        }

        var rgb = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            var stored = storedHeight < 0 ? y : height - 1 - y;
            var row = bytes.AsSpan((int)(pixelsAt + (stored * rowBytes)), (int)rowBytes);
            var to = rgb.AsSpan(y * width * 3, width * 3);
            if (bits == 8)
            {
                FromPalette(row, to, FileHeaderBytes + (int)headerBytes);
            }
            else
            {
                FromBgr(row, to, bits / 8);
            }
        }

        return new Image(width, (int)height, 3, rgb);
    }

    void CheckFormat(int bits, uint compression)
    {
        // Bit fields are taken in the one order that programs write: blue, green, red, unused.
        var plain = compression == Uncompressed
            || (compression == BitFields && bits == 32 && HasUsualMasks());
        if (!plain || bits is not (8 or 24 or 32))
        {
            throw new MediaException(
                place,
                $"is a BMP of {bits} bits with compression {compression}",
                "save it as an uncompressed BMP of 8, 24 or 32 bits, or as PNG");
        }
    }

    bool HasUsualMasks() =>
        bytes.Length >= 66 && UInt32(54) == 0xFF0000 && UInt32(58) == 0xFF00 && UInt32(62) == 0xFF;

    void FromPalette(ReadOnlySpan<byte> row, Span<byte> rgb, int paletteAt)
    {
        for (var x = 0; x < rgb.Length / 3; x++)
        {
            var entry = paletteAt + (4 * row[x]);
            if (entry + 3 > bytes.Length)
            {
                throw Damaged($"uses colour {row[x]}, which its palette lacks");
            }

            rgb[3 * x] = bytes[entry + 2];
            rgb[(3 * x) + 1] = bytes[entry + 1];
            rgb[(3 * x) + 2] = bytes[entry];
        }
    }

    static void FromBgr(ReadOnlySpan<byte> row, Span<byte> rgb, int pixelBytes)
    {
        for (var x = 0; x < rgb.Length / 3; x++)
        {
            rgb[3 * x] = row[(x * pixelBytes) + 2];
            rgb[(3 * x) + 1] = row[(x * pixelBytes) + 1];
            rgb[(3 * x) + 2] = row[x * pixelBytes];
        }
    }

    uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    int Int32(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    MediaException Damaged(string finding) => new(place, finding, "copy or save the BMP again");
}
