using EdgeDL.Devices.Media;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Devices.Feeds;

/// <summary>
/// Pictures, sound and raw bytes into a model's input, made as its <see cref="Preprocessing"/>
/// record says: value = (sample − mean) · scale.
/// </summary>
public static class TensorFeed
{
    /// <summary>Whether the input has the shape of a picture: [1, H, W, 1 or 3], [H, W, 1 or 3]
    /// or [1, H, W].</summary>
    public static bool IsPicture(Shape shape, out int height, out int width, out int channels)
    {
        ReadOnlySpan<int> dims = shape.Dims;
        (height, width, channels) = dims.Length switch
        {
            4 when dims[0] == 1 => (dims[1], dims[2], dims[3]),
            3 when dims[0] == 1 => (dims[1], dims[2], 1),
            3 => (dims[0], dims[1], dims[2]),
            _ => (0, 0, 0),
        };
        return height > 0 && width > 0 && channels is 1 or 3;
    }

    /// <summary>A picture, resized and converted; returns where in the input it lies.</summary>
    /// <exception cref="MediaException">The input has not the shape of a picture.</exception>
    public static Placement FromImage(
        Image image, TensorView input, Preprocessing how, ResizeFilter filter, string place)
    {
        if (!IsPicture(input.Shape, out var height, out var width, out var channels))
        {
            throw new MediaException(
                place,
                $"is a picture, but input '{input.Name}' has shape {input.Shape}",
                $"give a raw file of {input.Bytes} bytes");
        }

        var bar = (byte)Math.Clamp(MathF.Round(how.Mean), 0f, 255f);
        Image resized = ImageResize.Apply(
            image.WithChannels(channels), width, height, how.Resize, filter, bar, out var at);
        byte[] pixels = resized.Pixels;
        if (channels == 3 && how.Channels == ChannelOrder.Bgr)
        {
            pixels = (byte[])pixels.Clone();
            for (var i = 0; i < pixels.Length; i += 3)
            {
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
            }
        }

        // A byte has 256 values: convert each of them once.
        Span<float> table = stackalloc float[256];
        for (var value = 0; value < table.Length; value++)
        {
            table[value] = (value - how.Mean) * how.Scale;
        }

        var store = new ElementStore(input, how.Direct, place);
        for (var i = 0; i < pixels.Length; i++)
        {
            store.Set(i, table[pixels[i]]);
        }

        return at;
    }

    /// <summary>As many samples as the input takes, from <paramref name="first"/>; silence behind
    /// the clip's end. The clip has the rate of the record already.</summary>
    /// <exception cref="MediaException">The input's type takes no samples.</exception>
    public static void FromAudio(
        AudioClip clip, int first, TensorView input, Preprocessing how, string place)
    {
        var store = new ElementStore(input, how.Direct, place);
        ReadOnlySpan<float> samples = clip.Samples;
        for (var i = 0; i < input.Elements; i++)
        {
            var sample = first + i < samples.Length ? samples[first + i] * 32768f : 0f;
            store.Set(i, (Math.Clamp(sample, -32768f, 32767f) - how.Mean) * how.Scale);
        }
    }

    /// <summary>The tensor's own bytes, little-endian.</summary>
    /// <exception cref="MediaException">More or fewer bytes than the input has.</exception>
    public static void FromRaw(ReadOnlySpan<byte> bytes, TensorView input, string place)
    {
        if (bytes.Length != input.Bytes)
        {
            throw new MediaException(
                place,
                $"has {bytes.Length} bytes, but input '{input.Name}' is {input.DType} "
                + $"{input.Shape}",
                $"give {input.Bytes} bytes");
        }

        bytes.CopyTo(input.AsBytes());
    }
}
