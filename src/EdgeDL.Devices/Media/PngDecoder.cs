using System.Buffers.Binary;
using System.IO.Compression;

namespace EdgeDL.Devices.Media;

/// <summary>
/// PNG (ISO/IEC 15948): every colour type, bit depth and both interlace methods. Alpha is dropped,
/// 16 bits are cut to 8, check sums are not verified.
/// </summary>
sealed class PngDecoder(byte[] bytes, string place, MediaLimits limits)
{
    const int SignatureBytes = 8;

    // Adam7: x and y of the first pixel, then the steps between pixels, of each pass.
    static ReadOnlySpan<byte> PassOriginX => [0, 4, 0, 2, 0, 1, 0];
    static ReadOnlySpan<byte> PassOriginY => [0, 0, 4, 0, 2, 0, 1];
    static ReadOnlySpan<byte> PassStepX => [8, 8, 4, 4, 2, 2, 1];
    static ReadOnlySpan<byte> PassStepY => [8, 8, 8, 4, 4, 2, 2];

    readonly MemoryStream packed = new();
    int width;
    int height;
    int bits;
    int colourType;
    bool interlaced;
    int paletteAt;
    int paletteCount;
    byte[] rgb = [];

    public static bool Recognizes(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

    int SamplesPerPixel => colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public Image Decode()
    {
        ReadChunks();
        rgb = new byte[width * height * 3];
        packed.Position = 0;
        using var inflated = new ZLibStream(packed, CompressionMode.Decompress);
        try
        {
            if (interlaced)
            {
                for (var pass = 0; pass < 7; pass++)
                {
                    ReadPass(
                        inflated,
                        PassOriginX[pass], PassOriginY[pass], PassStepX[pass], PassStepY[pass]);
                }
            }
            else
            {
                ReadPass(inflated, 0, 0, 1, 1);
            }
        }
        catch (EndOfStreamException)
        {
            throw Damaged("ends before the last row");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Damaged("has damaged compressed data");
        }

        return new Image(width, height, 3, rgb);
    }

    void ReadChunks()
    {
        var at = SignatureBytes;
        while (at + 12 <= bytes.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            var kind = bytes.AsSpan(at + 4, 4);
            if (length > bytes.Length - at - 12)
            {
                throw Damaged($"has a chunk at byte {at} that ends behind the file");
            }

            var data = bytes.AsSpan(at + 8, (int)length);
            if (kind.SequenceEqual("IHDR"u8))
            {
                ReadHeader(data);
            }
            else if (kind.SequenceEqual("PLTE"u8))
            {
                paletteAt = at + 8;
                paletteCount = (int)length / 3;
            }
            else if (kind.SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }
            else if (kind.SequenceEqual("IEND"u8))
            {
                break;
            }

            at += 12 + (int)length;
        }

        if (width == 0 || packed.Length == 0)
        {
            throw Damaged(width == 0 ? "has no header chunk" : "has no pixel data");
        }

        if (colourType == 3 && paletteCount == 0)
        {
            throw Damaged("has palette colours but no palette");
        }
    }

    void ReadHeader(ReadOnlySpan<byte> data)
    {
        if (data.Length < 13 || width != 0)
        {
            throw Damaged("has a damaged header chunk");
        }

        var storedWidth = BinaryPrimitives.ReadUInt32BigEndian(data);
        var storedHeight = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        ImageFile.CheckSize(storedWidth, storedHeight, place, limits);
        bits = data[8];
        colourType = data[9];
        interlaced = data[12] == 1;
        var allowed = colourType switch
        {
            0 => bits is 1 or 2 or 4 or 8 or 16,
            3 => bits is 1 or 2 or 4 or 8,
            2 or 4 or 6 => bits is 8 or 16,
            _ => false,
        };
        if (!allowed || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw Damaged($"has colour type {colourType} with {bits} bits, unknown to PNG");
        }

        width = (int)storedWidth;
        height = (int)storedHeight;
    }

    void ReadPass(Stream inflated, int originX, int originY, int stepX, int stepY)
    {
        var passWidth = (width - originX + stepX - 1) / stepX;
        if (width <= originX || height <= originY)
        {
            return;
        }

        var rowBytes = ((passWidth * SamplesPerPixel * bits) + 7) / 8;
        var pixelBytes = Math.Max(1, SamplesPerPixel * bits / 8);
        var row = new byte[rowBytes + 1];
        var above = new byte[rowBytes + 1];
        for (var y = originY; y < height; y += stepY)
        {
            inflated.ReadExactly(row);
            Unfilter(row, above, pixelBytes);
            Expand(row.AsSpan(1), passWidth, (y * width) + originX, stepX);
            (row, above) = (above, row);
        }
    }

    /// <summary>Undoes the row's filter (its first byte), section 9 of the specification.
    /// </summary>
    void Unfilter(Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        var filter = row[0];
        if (filter > 4)
        {
            throw Damaged($"has a row with filter {filter}, unknown to PNG");
        }

        for (var i = 1; i < row.Length; i++)
        {
            int left = i > pixelBytes ? row[i - pixelBytes] : 0;
            int upLeft = i > pixelBytes ? above[i - pixelBytes] : 0;
            int up = above[i];
            var predicted = filter switch
            {
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, upLeft),
                _ => 0,
            };
            row[i] = (byte)(row[i] + predicted);
        }
    }

    static int Paeth(int left, int up, int upLeft)
    {
        var estimate = left + up - upLeft;
        var toLeft = Math.Abs(estimate - left);
        var toUp = Math.Abs(estimate - up);
        var toUpLeft = Math.Abs(estimate - upLeft);
        return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
    }

    void Expand(ReadOnlySpan<byte> row, int count, int firstPixel, int stepX)
    {
        var samples = SamplesPerPixel;
        for (var x = 0; x < count; x++)
        {
            var to = rgb.AsSpan((firstPixel + (x * stepX)) * 3, 3);
            if (colourType == 3)
            {
                FromPalette(Sample(row, x), to);
            }
            else if (samples >= 3)
            {
                to[0] = Scaled(row, x * samples);
                to[1] = Scaled(row, (x * samples) + 1);
                to[2] = Scaled(row, (x * samples) + 2);
            }
            else
            {
                to.Fill(Scaled(row, x * samples));
            }
        }
    }

    void FromPalette(int index, Span<byte> to)
    {
        if (index >= paletteCount)
        {
            throw Damaged($"uses colour {index}, which its palette lacks");
        }

        bytes.AsSpan(paletteAt + (3 * index), 3).CopyTo(to);
    }

    int Sample(ReadOnlySpan<byte> row, int index)
    {
        if (bits >= 8)
        {
            return row[index * bits / 8];
        }

        var bit = index * bits;
        return (row[bit / 8] >> (8 - bits - (bit % 8))) & ((1 << bits) - 1);
    }

    byte Scaled(ReadOnlySpan<byte> row, int index)
    {
        var sample = Sample(row, index);
        return (byte)(bits >= 8 ? sample : sample * 255 / ((1 << bits) - 1));
    }

    MediaException Damaged(string finding) => new(place, finding, "copy or save the PNG again");
}
