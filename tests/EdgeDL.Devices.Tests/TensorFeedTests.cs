using EdgeDL.Devices.Feeds;
using EdgeDL.Devices.Media;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Devices.Tests;

public sealed unsafe class TensorFeedTests
{
    static readonly Image twoPixels = new(2, 1, 3, [0, 128, 255, 10, 20, 30]);

    [Fact]
    public void Pixels_go_directly_into_bytes()
    {
        Assert.Equal(
            [0, 128, 255, 10, 20, 30],
            Fed<byte>(DType.UInt8, null, new Preprocessing { Direct = true }));
        Assert.Equal(
            [-128, 0, 127, -118, -108, -98],
            Fed<sbyte>(DType.Int8, null, new Preprocessing { Direct = true, Mean = 128 }));
    }

    [Fact]
    public void Values_are_quantized_by_the_input_unless_direct()
    {
        var how = new Preprocessing { Mean = 128, Scale = 1 / 128f };
        Assert.Equal(
            [0, 128, 255, 10, 20, 30],
            Fed<byte>(DType.UInt8, new Quantization(1 / 128f, 128), how));
        Assert.Equal([-1f, 0f, 127 / 128f], Fed<float>(DType.Float32, null, how)[..3]);
    }

    [Fact]
    public void Channels_may_be_turned_round()
    {
        var how = new Preprocessing { Channels = ChannelOrder.Bgr };
        Assert.Equal([255f, 128, 0, 30, 20, 10], Fed<float>(DType.Float32, null, how));
    }

    [Theory]
    [InlineData("x.rgb", 6)]
    [InlineData("x.bin", 24)]
    public void Raw_pixels_and_raw_tensors_are_told_apart(string name, int bytes)
    {
        var memory = new float[6];
        fixed (float* data = memory)
        {
            var input = View((byte*)data, DType.Float32, null);
            var content = new byte[bytes];
            content.AsSpan().Fill(1);
            var how = new Preprocessing { Kind = InputKind.Image, Mean = 1 };
            InputFile.Of(content, name, input, how, ResizeFilter.Bilinear).Fill(0);
        }

        Assert.Equal(name == "x.rgb" ? 0f : BitConverter.UInt32BitsToSingle(0x01010101), memory[0]);
    }

    [Fact]
    public void Sound_behind_the_end_is_silence()
    {
        var memory = new short[6];
        fixed (short* data = memory)
        {
            var input = new TensorView((byte*)data, DType.Int16, new Shape(1, 6), null, "pcm");
            var clip = new AudioClip(16000, [0.5f, -1f, 1f, 0.25f]);
            TensorFeed.FromAudio(
                clip, 1, input, new Preprocessing { Direct = true }, "clip.wav");
        }

        Assert.Equal([-32768, 32767, 8192, 0, 0, 0], memory);
    }

    [Fact]
    public void A_picture_for_an_input_of_another_shape_is_refused()
    {
        var memory = new float[10];
        fixed (float* data = memory)
        {
            var input = new TensorView(
                (byte*)data, DType.Float32, new Shape(1, 10), null, "features");
            var e = Assert.Throws<MediaException>(() => TensorFeed.FromImage(
                twoPixels, input, new Preprocessing(), ResizeFilter.Bilinear, "x.png"));
            Assert.Contains("features", e.Message);
            Assert.Contains("40 bytes", e.Message);
        }
    }

    static T[] Fed<T>(DType type, Quantization? quant, Preprocessing how)
        where T : unmanaged
    {
        var memory = new T[6];
        fixed (T* data = memory)
        {
            TensorFeed.FromImage(
                twoPixels, View((byte*)data, type, quant), how, ResizeFilter.Bilinear, "x.png");
        }

        return memory;
    }

    static TensorView View(byte* data, DType type, Quantization? quant) =>
        new(data, type, new Shape(1, 1, 2, 3), quant, "picture");
}
