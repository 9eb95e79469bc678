using EdgeDL.Devices.Media;
using EdgeDL.Testing;

namespace EdgeDL.Devices.Tests.Media;

public sealed class ImageFileTests
{
    [AssetTheory]
    [InlineData("images/resized_cat.bmp", 224, 224)]
    [InlineData("images/grace_hopper.bmp", 512, 600)]
    [InlineData("images/burger.jpg", 480, 325)]
    [InlineData("images/cats_and_dogs.jpg", 1200, 600)]
    [InlineData("detect/street.jpg", 500, 335)]
    [InlineData("micro/person.bmp", 96, 96)]
    public void Pictures_have_their_size_and_some_contrast(string file, int width, int height)
    {
        var image = ImageFile.Load(Assets.PathOf(file));
        Assert.Equal((width, height, 3), (image.Width, image.Height, image.Channels));
        Assert.True(image.Pixels.Max() - image.Pixels.Min() > 100);
    }

    [AssetFact]
    public void A_palette_of_grays_reads_as_gray()
    {
        var bytes = Assets.Bytes("micro/person.bmp");
        var gray = ImageFile.Decode(bytes, "person.bmp", MediaLimits.Default).WithChannels(1);
        // 96 × 96 pixels from byte 1078, bottom row first; the palette is the identity.
        for (var y = 0; y < 96; y++)
        {
            Assert.Equal(
                bytes.AsSpan(1078 + ((95 - y) * 96), 96), gray.Pixels.AsSpan(y * 96, 96));
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(7, 5, 3)]
    [InlineData(640, 3, 1)]
    [InlineData(301, 200, 3)]
    public void Png_reads_back_what_was_written(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        new Random(1).NextBytes(pixels);
        var image = new Image(width, height, channels, pixels);
        var back = ImageFile.Decode(PngWriter.Encode(image), "test.png", MediaLimits.Default);
        Assert.Equal(pixels, back.WithChannels(channels).Pixels);
    }

    [Theory, MemberData(nameof(PngVariants))]
    public void Png_reads_every_variant(string name, byte[] bytes, byte[] expected)
    {
        var image = ImageFile.Decode(bytes, name, MediaLimits.Default);
        Assert.Equal(expected, image.Pixels);
    }

    public static TheoryData<string, byte[], byte[]> PngVariants()
    {
        byte[] black = [0, 0, 0], white = [255, 255, 255];
        byte[] checker = [.. black, .. white, .. white, .. black];
        return new()
        {
            { "gray1", PngBuilder.File(2, 2, 1, 0, 0, [], [0, 0x40, 0, 0x80]), checker },
            { "gray2", PngBuilder.File(2, 2, 2, 0, 0, [], [0, 0x30, 0, 0xC0]), checker },
            { "gray4", PngBuilder.File(2, 2, 4, 0, 0, [], [0, 0x0F, 0, 0xF0]), checker },
            { "gray8up", PngBuilder.File(2, 2, 8, 0, 0, [], [0, 0, 255, 2, 255, 1]), checker },
            {
                "gray16",
                PngBuilder.File(2, 2, 16, 0, 0, [], [0, 0, 9, 255, 9, 0, 255, 9, 0, 9]),
                checker
            },
            {
                "palette1",
                PngBuilder.File(2, 2, 1, 3, 0, [.. white, .. black], [0, 0x80, 0, 0x40]),
                checker
            },
            {
                "grayAlphaAverage",
                PngBuilder.File(2, 2, 8, 4, 0, [], [0, 0, 7, 255, 7, 3, 255, 7, 1, 0]),
                checker
            },
            {
                "rgbaPaeth",
                PngBuilder.File(
                    1, 2, 8, 6, 0, [], [4, 10, 20, 30, 40, 4, 1, 1, 1, 1]),
                [10, 20, 30, 11, 21, 31]
            },
            {
                // Pass 1 has the pixel 0,0, pass 6 the pixel 1,0, pass 7 the second row.
                "interlaced",
                PngBuilder.File(2, 2, 8, 0, 1, [], [0, 0, 0, 255, 0, 255, 0]),
                checker
            },
        };
    }

    [Fact]
    public void Png_that_inflates_to_more_than_its_picture_costs_its_picture_only()
    {
        var bomb = PngBuilder.File(1, 1, 8, 0, 0, [], new byte[200 << 20]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var image = ImageFile.Decode(bomb, "bomb.png", MediaLimits.Default);
        Assert.Equal(1, image.Width);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Theory]
    [InlineData("BM")]
    [InlineData("")]
    [InlineData("GIF89a with something behind it")]
    [InlineData("\u00FF\u00D8\u00FF")]
    [InlineData("\u0089PNG\r\n\u001A\n")]
    public void What_is_no_picture_is_refused_with_a_remedy(string text)
    {
        var bytes = System.Text.Encoding.Latin1.GetBytes(text);
        var e = Assert.Throws<MediaException>(
            () => ImageFile.Decode(bytes, "x.bin", MediaLimits.Default));
        Assert.Equal("x.bin", e.Place);
        Assert.NotEmpty(e.Finding);
        Assert.NotEmpty(e.Remedy);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Sizes_over_the_limit_are_refused_before_memory_is_taken()
    {
        var huge = PngBuilder.File(60_000, 60_000, 8, 2, 0, [], [0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<MediaException>(
            () => ImageFile.Decode(huge, "huge.png", MediaLimits.Default));
        Assert.Contains("60000×60000", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Missing_files_and_directories_are_named()
    {
        var missing = Assert.Throws<MediaException>(() => ImageFile.Load("/no/such.png"));
        Assert.Equal("/no/such.png: does not exist; check the path", missing.Message);
        Assert.Contains(
            "is a directory",
            Assert.Throws<MediaException>(() => ImageFile.Load(Path.GetTempPath())).Message);
    }
}
