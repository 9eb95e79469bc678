using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeDL.Devices.Media;

namespace EdgeDL.Cli.Tests;

public sealed class RunTests(SmallModels models) : IClassFixture<SmallModels>
{
    static readonly byte[] green = PngWriter.Encode(Plain(30, 20, 0, 255, 0));

    [Fact]
    public void A_picture_gets_its_best_classes()
    {
        var result = Cli.Run("run", models.Colour, "--input", models.File("a.png", green));
        Assert.Equal((0, ""), (result.Code, result.Error));
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.EndsWith("1  green", lines[1]);
        Assert.StartsWith("    0.99", lines[1]);
    }

    [Fact]
    public void Json_says_the_same_and_labels_may_come_from_a_file()
    {
        var labels = models.File("labels.txt", "rot\ngrün\nblau\n"u8.ToArray());
        var result = Cli.Run(
            "run", models.Colour, "--input", models.File("b.png", green),
            "--labels", labels, "--top", "1", "--json");
        Assert.Equal((0, ""), (result.Code, result.Error));
        using var document = JsonDocument.Parse(result.Output);
        var top = document.RootElement.GetProperty("answers")[0].GetProperty("outputs")[0]
            .GetProperty("top");
        Assert.Equal(1, top.GetArrayLength());
        Assert.Equal(1, top[0].GetProperty("index").GetInt32());
        Assert.Equal("grün", top[0].GetProperty("label").GetString());
    }

    [Fact]
    public void A_directory_gives_an_answer_a_file_in_order()
    {
        var folder = Directory.CreateDirectory(Path.Combine(models.Folder, "photos")).FullName;
        File.WriteAllBytes(
            Path.Combine(folder, "2.png"), PngWriter.Encode(Plain(4, 4, 0, 0, 255)));
        File.WriteAllBytes(Path.Combine(folder, "1.png"), green);
        var result = Cli.Run("run", models.Colour, "--input", folder, "--top", "1");
        Assert.Equal(0, result.Code);
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Contains("1.png", lines[0]);
        Assert.EndsWith("green", lines[1]);
        Assert.EndsWith("blue", lines[3]);
    }

    [Fact]
    public void Standard_input_may_be_a_picture_or_the_tensor_itself()
    {
        string[] command = ["run", models.Colour, "-i", "-", "-k", "1"];
        Assert.Contains("green", Cli.RunWith(green, command).Output);
        var blue = new float[48];
        for (var i = 2; i < blue.Length; i += 3)
        {
            blue[i] = 1;
        }

        var bytes = MemoryMarshal.AsBytes(blue.AsSpan()).ToArray();
        Assert.Contains("blue", Cli.RunWith(bytes, command).Output);
    }

    [Fact]
    public void Named_inputs_in_any_order_and_raw_outputs()
    {
        var left = models.File("left.bin", Floats(1, 2, 3));
        var right = models.File("right.bin", Floats(10, 20, 30));
        var output = Path.Combine(models.Folder, "results");
        var result = Cli.Run(
            "run", models.Two, "--input", $"right={right}", "--input", $"left={left}",
            "--output", output);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(
            Floats(11, 22, 33), File.ReadAllBytes(Path.Combine(output, "left_out0.bin")));
    }

    [Fact]
    public void Long_sound_is_answered_window_by_window()
    {
        var pcm = new byte[2 * 400];
        for (var i = 0; i < 400; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(pcm.AsSpan(2 * i), 16384);
        }

        var result = Cli.Run("run", models.Sound, "--input", models.File("half.pcm", pcm));
        Assert.Equal(0, result.Code);
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.Contains(" at 0.01 s ", lines[2]);
        Assert.Contains("0.5000", lines[1]);
    }

    [Fact]
    public void Profile_names_the_nodes()
    {
        var result = Cli.Run(
            "run", models.Colour, "--input", models.File("c.png", green), "--profile");
        Assert.Contains("Softmax colours", result.Output);
    }

    static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    static Image Plain(int width, int height, byte red, byte green, byte blue)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        }

        return new Image(width, height, 3, pixels);
    }
}
