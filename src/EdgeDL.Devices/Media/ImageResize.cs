using EdgeDL.Graphs;

namespace EdgeDL.Devices.Media;

/// <summary>Where in the resized frame the whole source picture lies (parts may lie outside).
/// </summary>
public readonly record struct Placement(float Left, float Top, float Width, float Height);

/// <summary>Pictures into frames of another size.</summary>
public static class ImageResize
{
    /// <summary>The picture in a frame of width × height, bars of the value
    /// <paramref name="bar"/>; where it lies is in <paramref name="placement"/>.</summary>
    /// <exception cref="ArgumentException">A side below 1.</exception>
    public static Image Apply(
        Image source,
        int width,
        int height,
        ResizeMode mode,
        ResizeFilter filter,
        byte bar,
        out Placement placement)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        placement = Place(source, width, height, mode);
        switch (mode)
        {
            case ResizeMode.Letterbox:
                var inner = Stretch(
                    source, (int)placement.Width, (int)placement.Height, filter);
                return Paste(
                    inner, width, height, (int)placement.Left, (int)placement.Top, bar);
            case ResizeMode.CenterCrop:
                return Stretch(CentreCrop(source, width, height), width, height, filter);
            default:
                return Stretch(source, width, height, filter);
        }
    }

    static Placement Place(Image source, int width, int height, ResizeMode mode)
    {
        var scaleX = (float)width / source.Width;
        var scaleY = (float)height / source.Height;
        if (mode == ResizeMode.Letterbox)
        {
            var scale = Math.Min(scaleX, scaleY);
            var innerWidth = Math.Clamp((int)MathF.Round(source.Width * scale), 1, width);
            var innerHeight = Math.Clamp((int)MathF.Round(source.Height * scale), 1, height);
            var left = (width - innerWidth) / 2;
            var top = (height - innerHeight) / 2;
            return new Placement(left, top, innerWidth, innerHeight);
        }

        if (mode == ResizeMode.CenterCrop)
        {
            var (cropX, cropY, cropWidth, cropHeight) = CropOf(source, width, height);
            scaleX = (float)width / cropWidth;
            scaleY = (float)height / cropHeight;
            return new Placement(
                -cropX * scaleX, -cropY * scaleY, source.Width * scaleX, source.Height * scaleY);
        }

        return new Placement(0, 0, width, height);
    }

    static (int X, int Y, int Width, int Height) CropOf(Image source, int width, int height)
    {
        var cropWidth = source.Width;
        var cropHeight = source.Height;
        if ((long)source.Width * height > (long)source.Height * width)
        {
            cropWidth = Math.Max(1, (int)((long)source.Height * width / height));
        }
        else
        {
            cropHeight = Math.Max(1, (int)((long)source.Width * height / width));
        }

        return (
            (source.Width - cropWidth) / 2, (source.Height - cropHeight) / 2,
            cropWidth, cropHeight);
    }

    static Image CentreCrop(Image source, int width, int height)
    {
        var (left, top, cropWidth, cropHeight) = CropOf(source, width, height);
        var channels = source.Channels;
        var pixels = new byte[cropWidth * cropHeight * channels];
        for (var y = 0; y < cropHeight; y++)
        {
            source.Pixels
                .AsSpan((((top + y) * source.Width) + left) * channels, cropWidth * channels)
                .CopyTo(pixels.AsSpan(y * cropWidth * channels));
        }

        return new Image(cropWidth, cropHeight, channels, pixels);
    }

    static Image Paste(
        Image inner, int width, int height, int left, int top, byte bar)
    {
        var channels = inner.Channels;
        var pixels = new byte[width * height * channels];
        pixels.AsSpan().Fill(bar);
        var rowBytes = inner.Width * channels;
        for (var y = 0; y < inner.Height; y++)
        {
            inner.Pixels.AsSpan(y * rowBytes, rowBytes)
                .CopyTo(pixels.AsSpan((((top + y) * width) + left) * channels));
        }

        return new Image(width, height, channels, pixels);
    }

    static Image Stretch(Image source, int width, int height, ResizeFilter filter)
    {
        if (source.Width == width && source.Height == height)
        {
            return source;
        }

        var columns = new ResizeTaps(source.Width, width, filter);
        var rows = new ResizeTaps(source.Height, height, filter);
        var channels = source.Channels;
        var across = new float[width * channels];
        var sum = new float[width * channels];
        var pixels = new byte[width * height * channels];
        for (var y = 0; y < height; y++)
        {
            sum.AsSpan().Clear();
            var weights = rows.Weights(y);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                var from = (rows.First(y) + tap) * source.Width * channels;
                Across(source.Pixels.AsSpan(from), channels, columns, across);
                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += weights[tap] * across[i];
                }
            }

            var to = pixels.AsSpan(y * sum.Length, sum.Length);
            for (var i = 0; i < sum.Length; i++)
            {
                to[i] = (byte)Math.Clamp(sum[i] + 0.5f, 0f, 255f);
            }
        }

        return new Image(width, height, channels, pixels);
    }

    static void Across(ReadOnlySpan<byte> row, int channels, ResizeTaps columns, Span<float> to)
    {
        for (var x = 0; x < to.Length / channels; x++)
        {
            var weights = columns.Weights(x);
            var from = columns.First(x) * channels;
            for (var channel = 0; channel < channels; channel++)
            {
                var sum = 0f;
                for (var tap = 0; tap < weights.Length; tap++)
                {
                    sum += weights[tap] * row[from + (tap * channels) + channel];
                }

                to[(x * channels) + channel] = sum;
            }
        }
    }
}
