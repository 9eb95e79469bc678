using EdgeDL.Devices.Media;
using EdgeDL.Graphs;

namespace EdgeDL.Devices.Tests.Media;

public sealed class ImageResizeTests
{
    [Theory]
    [InlineData(ResizeFilter.Bilinear)]
    [InlineData(ResizeFilter.Area)]
    [InlineData(ResizeFilter.Triangle)]
    [InlineData(ResizeFilter.Nearest)]
    public void A_plain_picture_stays_plain_at_every_size(ResizeFilter filter)
    {
        var pixels = new byte[13 * 9];
        pixels.AsSpan().Fill(77);
        var image = new Image(13, 9, 1, pixels);
        for (var size = 1; size < 40; size++)
        {
            var resized = ImageResize.Apply(
                image, size, 41 - size, ResizeMode.Stretch, filter, 127, out _);
            Assert.All(resized.Pixels, value => Assert.Equal(77, value));
        }
    }

    [Fact]
    public void Bilinear_has_pixel_centres_at_half_steps()
    {
        var image = new Image(2, 1, 1, [0, 100]);
        var resized = ImageResize.Apply(
            image, 4, 1, ResizeMode.Stretch, ResizeFilter.Bilinear, 127, out _);
        Assert.Equal([0, 25, 75, 100], resized.Pixels);
    }

    [Fact]
    public void Bilinear_takes_two_pixels_where_area_takes_all()
    {
        var image = new Image(8, 1, 1, [0, 0, 0, 80, 160, 0, 0, 0]);
        byte[] Halves(ResizeFilter filter) => ImageResize.Apply(
            image, 2, 1, ResizeMode.Stretch, filter, 127, out _).Pixels;
        Assert.Equal([0, 0], Halves(ResizeFilter.Bilinear));
        Assert.Equal([20, 40], Halves(ResizeFilter.Area));
    }

    [Fact]
    public void Area_weights_parts_of_pixels()
    {
        var image = new Image(3, 1, 1, [30, 60, 90]);
        var resized = ImageResize.Apply(
            image, 2, 1, ResizeMode.Stretch, ResizeFilter.Area, 127, out _);
        Assert.Equal([40, 80], resized.Pixels);
    }

    [Fact]
    public void Letterbox_keeps_the_shape_and_says_where_the_picture_lies()
    {
        var pixels = new byte[20 * 10];
        pixels.AsSpan().Fill(200);
        var resized = ImageResize.Apply(
            new Image(20, 10, 1, pixels), 10, 10, ResizeMode.Letterbox, ResizeFilter.Area, 127,
            out var at);
        Assert.Equal(new Placement(0, 2, 10, 5), at);
        Assert.All(resized.Pixels[..20], value => Assert.Equal(127, value));
        Assert.All(resized.Pixels[20..70], value => Assert.Equal(200, value));
        Assert.All(resized.Pixels[70..], value => Assert.Equal(127, value));
    }

    [Fact]
    public void Crop_takes_the_middle()
    {
        var image = new Image(6, 2, 1, [0, 0, 5, 6, 0, 0, 0, 0, 7, 8, 0, 0]);
        var resized = ImageResize.Apply(
            image, 2, 2, ResizeMode.CenterCrop, ResizeFilter.Area, 127, out var at);
        Assert.Equal([5, 6, 7, 8], resized.Pixels);
        Assert.Equal(new Placement(-2, 0, 6, 2), at);
    }

    [Fact]
    public void Gray_and_colour_turn_into_each_other()
    {
        var gray = new Image(2, 1, 1, [7, 255]);
        Assert.Equal([7, 7, 7, 255, 255, 255], gray.WithChannels(3).Pixels);
        Assert.Equal([7, 255], gray.WithChannels(3).WithChannels(1).Pixels);
    }

    [Fact]
    public void Boxes_and_labels_stay_inside_whatever_the_corners()
    {
        var canvas = new Canvas(new Image(60, 40, 1, new byte[2400]));
        canvas.Box(10, 20, 50, 38, "cat 98%", 1);
        canvas.Box(float.NaN, float.NegativeInfinity, float.PositiveInfinity, 1e30f, "?\u00FC", -3);
        canvas.Box(50, 30, 10, 5, "", int.MinValue);
        Assert.Equal(60 * 40 * 3, canvas.Image.Pixels.Length);
        Assert.Contains(canvas.Image.Pixels, value => value != 0);
    }
}
