using System.Buffers.Binary;
using EdgeDL.Devices.Media;
using EdgeDL.Testing;

namespace EdgeDL.Devices.Tests.Media;

public sealed class AudioTests
{
    [AssetTheory]
    [InlineData("micro/yes_1000ms.wav", 16000, 16000)]
    [InlineData("learn/fsdd/0_george_0.wav", 8000, 0)]
    public void Clips_have_their_rate_and_length(string file, int rate, int count)
    {
        var path = Assets.PathOf(file);
        if (!File.Exists(path))
        {
            path = Directory.EnumerateFiles(
                Assets.PathOf("learn/fsdd"), "*.wav", SearchOption.AllDirectories).First();
        }

        var clip = WavFile.Load(path);
        Assert.Equal(rate, clip.SampleRate);
        Assert.True(count == 0 ? clip.Samples.Length > 1000 : clip.Samples.Length == count);
    }

    [AssetFact]
    public void Sixteen_bit_samples_come_back_exactly()
    {
        var bytes = Assets.Bytes("micro/yes_1000ms.wav");
        var clip = WavFile.Decode(bytes, "yes", MediaLimits.Default);
        var samples = new short[clip.Samples.Length];
        clip.ToInt16(samples);
        for (var i = 0; i < samples.Length; i++)
        {
            Assert.Equal(
                BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(44 + (2 * i))), samples[i]);
        }
    }

    [Theory]
    [InlineData(1, 8, new byte[] { 128, 255, 0 }, new[] { 0f, 127 / 128f, -1f })]
    [InlineData(1, 16, new byte[] { 0, 64, 0, 128 }, new[] { 0.5f, -1f })]
    [InlineData(1, 24, new byte[] { 0, 0, 64, 0, 0, 128 }, new[] { 0.5f, -1f })]
    [InlineData(1, 32, new byte[] { 0, 0, 0, 64, 0, 0, 0, 128 }, new[] { 0.5f, -1f })]
    [InlineData(3, 32, new byte[] { 0, 0, 0, 63, 0, 0, 192, 127 }, new[] { 0.5f, 0f })]
    public void Every_sample_format_reads(int kind, int bits, byte[] data, float[] expected)
    {
        Assert.Equal(expected, Decode(Wav(kind, 1, bits, data)).Samples);
    }

    [Fact]
    public void Channels_are_averaged()
    {
        Assert.Equal([0.25f], Decode(Wav(1, 2, 16, [0, 64, 0, 0])).Samples);
    }

    [Fact]
    public void A_cut_data_chunk_gives_what_is_there()
    {
        var wav = Wav(1, 1, 16, [0, 64, 0, 64, 0, 64]);
        Assert.Equal(2, Decode(wav[..^2]).Samples.Length);
    }

    [Theory]
    [InlineData(2, 16)]
    [InlineData(1, 12)]
    [InlineData(3, 64)]
    public void Other_formats_are_refused_with_a_remedy(int kind, int bits)
    {
        var e = Assert.Throws<MediaException>(() => Decode(Wav(kind, 1, bits, new byte[16])));
        Assert.Contains("16-bit PCM", e.Message);
    }

    [Theory]
    [InlineData(8000, 16000)]
    [InlineData(44100, 16000)]
    [InlineData(48000, 16000)]
    public void Resampling_keeps_a_tone(int from, int to)
    {
        var clip = new AudioClip(from, Tone(440, from, from / 2)).WithRate(to);
        var expected = Tone(440, to, to / 2);
        Assert.Equal(expected.Length, clip.Samples.Length);
        // The window needs its full width to both sides.
        for (var i = 200; i < expected.Length - 200; i++)
        {
            Assert.Equal(expected[i], clip.Samples[i], 5e-3);
        }
    }

    [Fact]
    public void Resampling_removes_what_the_lower_rate_cannot_hold()
    {
        var clip = new AudioClip(48000, Tone(11000, 48000, 9600)).WithRate(16000);
        Assert.True(clip.Samples[100..^100].Max(MathF.Abs) < 0.02f);
    }

    [Fact]
    public void Raw_pcm_needs_whole_samples()
    {
        Assert.Equal([0.5f], WavFile.FromPcm16([0, 64], 16000, "x").Samples);
        Assert.Throws<MediaException>(() => WavFile.FromPcm16([0, 64, 1], 16000, "x"));
    }

    [Fact]
    public void Labels_are_lines_or_numbered_lines()
    {
        Assert.Equal(["a", "tench, Tinca"], LabelFile.Parse("a\r\ntench, Tinca\r\n"));
        Assert.Equal(["person", "", "car"], LabelFile.Parse("0 person\n2 car\n"));
        Assert.Equal(["left", "", "", "up"], LabelFile.Parse("left\n\n\nup"));
    }

    static AudioClip Decode(byte[] bytes) => WavFile.Decode(bytes, "x.wav", MediaLimits.Default);

    static float[] Tone(double hertz, int rate, int count)
    {
        var samples = new float[count];
        for (var i = 0; i < count; i++)
        {
            samples[i] = (float)(0.9 * Math.Sin(2 * Math.PI * hertz * i / rate));
        }

        return samples;
    }

    static byte[] Wav(int kind, int channels, int bits, byte[] data)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("RIFF"u8);
        writer.Write(36 + data.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)kind);
        writer.Write((short)channels);
        writer.Write(16000);
        writer.Write(16000 * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write((short)bits);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return file.ToArray();
    }
}
