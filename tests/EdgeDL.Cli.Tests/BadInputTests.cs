namespace EdgeDL.Cli.Tests;

/// <summary>Whatever is wrong: one line that says what to do, the right exit code, no trace.
/// </summary>
public sealed class BadInputTests(SmallModels models) : IClassFixture<SmallModels>
{
    [Fact]
    public void A_missing_model_is_usage()
    {
        var result = Cli.Run("run", "/no/such.edl", "--input", "x.png");
        Assert.Equal(2, result.Code);
        Assert.Equal("edgedl: /no/such.edl: does not exist; check the path", result.ErrorLine);
    }

    [Fact]
    public void A_file_that_is_no_model_is_rejected()
    {
        var result = Cli.Run("info", models.File("x.edl", "something else"u8.ToArray()));
        Assert.Equal(4, result.Code);
        Assert.Contains("x.edl", result.ErrorLine);
        Assert.Contains("edgedl-pack", result.ErrorLine);
    }

    [Fact]
    public void A_tflite_file_is_told_how_to_be_packed()
    {
        var result = Cli.Run("info", models.File("net.tflite", new byte[4000]));
        Assert.Equal(4, result.Code);
        Assert.Contains("edgedl-pack convert", result.ErrorLine);
    }

    [Fact]
    public void A_cut_model_is_rejected()
    {
        var whole = File.ReadAllBytes(models.Colour);
        foreach (var length in new[] { 0, 10, 64, whole.Length / 2, whole.Length - 1 })
        {
            var result = Cli.Run("info", models.File("cut.edl", whole[..length]));
            Assert.Equal(4, result.Code);
            Assert.NotEmpty(result.ErrorLine);
        }
    }

    [Theory]
    [InlineData("missing.png", null, "does not exist")]
    [InlineData("empty.png", "", "is empty")]
    [InlineData("text.png", "no picture", "is not a BMP, PNG or JPEG")]
    [InlineData("cut.jpg", "\u00FF\u00D8\u00FF\u00E0", "ends before its first scan")]
    [InlineData("short.bin", "12345", "has 5 bytes")]
    [InlineData("sound.wav", "RIFF", "is not a WAV file")]
    public void An_unusable_input_is_named(string name, string? content, string finding)
    {
        var path = content is null
            ? Path.Combine(models.Folder, name)
            : models.File(name, System.Text.Encoding.Latin1.GetBytes(content));
        var result = Cli.Run("run", models.Colour, "--input", path);
        Assert.Equal(2, result.Code);
        Assert.Contains(name, result.ErrorLine);
        Assert.Contains(finding, result.ErrorLine);
    }

    [Fact]
    public void A_raw_file_of_the_wrong_size_is_told_the_right_one()
    {
        var result = Cli.Run(
            "run", models.Colour, "--input", models.File("wrong.bin", new byte[100]));
        Assert.Equal(2, result.Code);
        Assert.EndsWith("give 192 bytes", result.ErrorLine);
        Assert.Contains("picture", result.ErrorLine);
    }

    [Fact]
    public void Inputs_that_are_missing_or_unknown_are_named()
    {
        var file = models.File("three.bin", new byte[12]);
        var missing = Cli.Run("run", models.Two, "--input", file);
        Assert.Equal(2, missing.Code);
        Assert.Contains("no --input for 'right'", missing.ErrorLine);
        var unknown = Cli.Run("run", models.Two, "--input", $"middle={file}");
        Assert.Equal(2, unknown.Code);
        Assert.Contains("'left', 'right'", unknown.ErrorLine);
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("run")]
    [InlineData("run", "MODEL")]
    [InlineData("run", "MODEL", "--input", "x", "--bogus", "1")]
    [InlineData("run", "MODEL", "--input", "x", "--threads", "many")]
    [InlineData("run", "MODEL", "--input", "x", "--threads", "0")]
    [InlineData("run", "MODEL", "--input", "x", "--top", "0")]
    [InlineData("run", "MODEL", "--input", "x", "--filter", "magic")]
    [InlineData("run", "MODEL", "--input", "x", "--hash", "some")]
    [InlineData("bench", "MODEL", "--hash", "some")]
    [InlineData("run", "MODEL", "--input", "x", "--labels", "/no/labels.txt")]
    [InlineData("run", "MODEL", "--input", "x", "--draw", "x.png")]
    [InlineData("bench", "MODEL", "--runs", "-5")]
    [InlineData("info", "/tmp")]
    public void Wrong_usage_is_2_without_a_trace(params string[] arguments)
    {
        var result = Cli.Run(
            Array.ConvertAll(arguments, a => a == "MODEL" ? models.Colour : a));
        Assert.Equal(2, result.Code);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public void Debug_adds_the_trace()
    {
        var result = Cli.Run("run", models.Colour, "--input", "/no/such.png", "--debug");
        Assert.Equal(2, result.Code);
        Assert.Contains("   at ", result.Error);
    }
}
