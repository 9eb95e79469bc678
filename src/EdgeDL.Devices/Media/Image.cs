namespace EdgeDL.Devices.Media;

/// <summary>
/// 8-bit pixels, row by row from the top left, channels interleaved: 1 (gray) or 3 (red, green,
/// blue).
/// </summary>
public sealed class Image
{
    /// <summary>Takes <paramref name="pixels"/> as they are, without a copy.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public Image(int width, int height, int channels, byte[] pixels)
    {
        if (width < 1 || height < 1 || channels is not (1 or 3))
        {
            throw new ArgumentException(
                $"an image of {width}×{height}×{channels} is not possible: sides are at least 1, "
                + "channels 1 or 3");
        }

        if (pixels.LongLength != (long)width * height * channels)
        {
            throw new ArgumentException(
                $"{width}×{height}×{channels} needs {(long)width * height * channels} bytes, "
                + $"not {pixels.LongLength}");
        }

        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    public byte[] Pixels { get; }

    /// <summary>This image, or a converted copy, with 1 or 3 channels.</summary>
    public Image WithChannels(int channels) => (Channels, channels) switch
    {
        (1, 1) or (3, 3) => this,
        (3, 1) => ToGray(),
        (1, 3) => ToRgb(),
        _ => throw new ArgumentException($"channels are 1 or 3, not {channels}"),
    };

    // ITU-R BT.601 luma in 8-bit fixed point; the weights add to 256, so gray stays what it was.
    Image ToGray()
    {
        var gray = new byte[Width * Height];
        for (var i = 0; i < gray.Length; i++)
        {
            int r = Pixels[3 * i], g = Pixels[(3 * i) + 1], b = Pixels[(3 * i) + 2];
            gray[i] = (byte)(((77 * r) + (150 * g) + (29 * b) + 128) >> 8);
        }

        return new Image(Width, Height, 1, gray);
    }

    Image ToRgb()
    {
        var rgb = new byte[checked(Pixels.Length * 3)];
        for (var i = 0; i < Pixels.Length; i++)
        {
            rgb.AsSpan(3 * i, 3).Fill(Pixels[i]);
        }

        return new Image(Width, Height, 3, rgb);
    }
}
