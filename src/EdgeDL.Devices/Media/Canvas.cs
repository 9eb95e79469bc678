namespace EdgeDL.Devices.Media;

/// <summary>Boxes and words drawn into an RGB image; what lies outside is cut off.</summary>
public sealed class Canvas
{
    // Eight hues that differ from each other and from most photographs.
    static ReadOnlySpan<byte> Palette =>
    [
        230, 25, 75, 60, 180, 75, 0, 130, 200, 245, 130, 48,
        145, 30, 180, 0, 150, 150, 240, 50, 230, 170, 110, 40,
    ];

    readonly Image image;

    /// <summary>Draws into a copy of <paramref name="source"/>.</summary>
    public Canvas(Image source)
    {
        var rgb = source.WithChannels(3);
        image = new Image(rgb.Width, rgb.Height, 3, (byte[])rgb.Pixels.Clone());
    }

    /// <summary>The picture with everything drawn so far.</summary>
    public Image Image => image;

    /// <summary>A frame and, above its top edge or inside it, a label on a plate of the same
    /// colour. Corners are in pixels, <paramref name="colour"/> any number.</summary>
    public void Box(float left, float top, float right, float bottom, string label, int colour)
    {
        var thickness = Math.Max(2, Math.Min(image.Width, image.Height) / 150);
        var x0 = Pixel(left, image.Width);
        var y0 = Pixel(top, image.Height);
        var x1 = Pixel(right, image.Width);
        var y1 = Pixel(bottom, image.Height);
        Fill(x0, y0, x1, y0 + thickness, colour);
        Fill(x0, y1 - thickness, x1, y1, colour);
        Fill(x0, y0, x0 + thickness, y1, colour);
        Fill(x1 - thickness, y0, x1, y1, colour);
        if (label.Length == 0)
        {
            return;
        }

        var scale = Math.Max(1, Math.Min(image.Width, image.Height) / 250);
        var plateHeight = (BitmapFont.Height + 2) * scale;
        var plateWidth = ((label.Length * BitmapFont.Advance) + 1) * scale;
        var plateTop = y0 >= plateHeight ? y0 - plateHeight : y0;
        var plateLeft = Math.Max(0, Math.Min(x0, image.Width - plateWidth));
        Fill(plateLeft, plateTop, plateLeft + plateWidth, plateTop + plateHeight, colour);
        Text(plateLeft + scale, plateTop + scale, label, scale);
    }

    void Text(int left, int top, string text, int scale)
    {
        for (var i = 0; i < text.Length; i++)
        {
            for (var y = 0; y < BitmapFont.Height; y++)
            {
                for (var x = 0; x < BitmapFont.Width; x++)
                {
                    if (BitmapFont.HasDot(text[i], x, y))
                    {
                        var dotLeft = left + (((i * BitmapFont.Advance) + x) * scale);
                        var dotTop = top + (y * scale);
                        Fill(dotLeft, dotTop, dotLeft + scale, dotTop + scale, 255, 255, 255);
                    }
                }
            }
        }
    }

    void Fill(int left, int top, int right, int bottom, int colour)
    {
        var at = (int)((uint)colour % (uint)(Palette.Length / 3)) * 3;
        Fill(left, top, right, bottom, Palette[at], Palette[at + 1], Palette[at + 2]);
    }

    void Fill(int left, int top, int right, int bottom, byte red, byte green, byte blue)
    {
        for (var y = Math.Max(0, top); y < Math.Min(bottom, image.Height); y++)
        {
            for (var x = Math.Max(0, left); x < Math.Min(right, image.Width); x++)
            {
                var at = ((y * image.Width) + x) * 3;
                image.Pixels[at] = red;
                image.Pixels[at + 1] = green;
                image.Pixels[at + 2] = blue;
            }
        }
    }

    // A model's corner may be anything, not-a-number included.
    static int Pixel(float value, int size) =>
        float.IsNaN(value) ? 0 : (int)Math.Clamp(MathF.Round(value), 0f, size);
}
