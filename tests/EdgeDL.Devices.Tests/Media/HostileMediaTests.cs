using System.Diagnostics;
using EdgeDL.Devices.Media;
using EdgeDL.Testing;

namespace EdgeDL.Devices.Tests.Media;

/// <summary>Cut and damaged files give a result or a MediaException, nothing else.</summary>
public sealed class HostileMediaTests
{
    static readonly MediaLimits Limits =
        MediaLimits.Default with { Pixels = 1 << 20, Seconds = 60 };

    [AssetTheory]
    [InlineData("images/burger.jpg")]
    [InlineData("images/cats_and_dogs.jpg")]
    [InlineData("micro/person.bmp")]
    [InlineData("micro/yes_1000ms.wav")]
    public void Cut_files(string file)
    {
        var bytes = Assets.Bytes(file);
        var step = Math.Max(1, bytes.Length / 150);
        for (var length = 0; length < bytes.Length; length += length < 200 ? 1 : step)
        {
            Try(bytes[..length], $"{file} cut to {length}");
        }
    }

    [AssetTheory]
    [InlineData("images/burger.jpg", 300)]
    [InlineData("images/cats_and_dogs.jpg", 60)]
    [InlineData("micro/person.bmp", 2000)]
    [InlineData("micro/yes_1000ms.wav", 2000)]
    public void Files_with_damaged_bytes(string file, int rounds)
    {
        var bytes = Assets.Bytes(file);
        Damage(bytes, file, rounds);
    }

    [Fact]
    public void Png_with_damaged_bytes()
    {
        var pixels = new byte[40 * 30 * 3];
        new Random(4).NextBytes(pixels.AsSpan(0, 900));
        Damage(PngWriter.Encode(new Image(40, 30, 3, pixels)), "small.png", 4000);
    }

    static void Damage(byte[] bytes, string name, int rounds)
    {
        var random = new Random(7);
        for (var round = 0; round < rounds; round++)
        {
            var damaged = (byte[])bytes.Clone();
            // Half of the rounds aim at the headers, where sizes and tables are.
            var reach = round % 2 == 0 ? Math.Min(700, bytes.Length) : bytes.Length;
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                damaged[random.Next(reach)] = (byte)random.Next(256);
            }

            Try(damaged, $"{name} round {round}");
        }
    }

    static void Try(byte[] bytes, string name)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            if (name.Contains(".wav"))
            {
                WavFile.Decode(bytes, name, Limits);
            }
            else
            {
                ImageFile.Decode(bytes, name, Limits);
            }
        }
        catch (MediaException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }

        Assert.True(watch.ElapsedMilliseconds < 5000, $"{name}: {watch.ElapsedMilliseconds} ms");
    }
}
