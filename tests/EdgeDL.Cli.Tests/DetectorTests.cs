using System.Text.Json;
using EdgeDL.Devices.Media;
using EdgeDL.Testing;

namespace EdgeDL.Cli.Tests;

/// <summary>ONNX detectors, packed with their decoding, draw boxes on a photo.</summary>
public sealed class DetectorTests : IDisposable
{
    // Marked by eye on detect/street.jpg: left, top, right, bottom in pixels.
    static readonly float[][] People =
    [
        [42, 62, 164, 298], [165, 142, 248, 265], [238, 142, 318, 285], [290, 147, 500, 296],
    ];

    static readonly float[][] Faces =
    [
        [85, 76, 118, 106], [210, 142, 234, 168], [240, 142, 264, 165], [328, 148, 357, 177],
    ];

    readonly string folder = Directory.CreateTempSubdirectory("edgedl-detect-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [AssetTheory]
    [InlineData("FastestDet", "fastestdet", "image,scale=0.00392156863,channels=bgr")]
    [InlineData("yunet_n_320", "yunet", "image,channels=bgr")]
    public void Every_person_or_face_is_found_and_nothing_else(
        string model, string detector, string preprocess)
    {
        string edl = Path.Combine(folder, "detector.edl");
        string png = Path.Combine(folder, "boxes.png");
        string photo = Assets.PathOf("detect/street.jpg");
        Assert.Equal(0, Cli.Pack("convert", Assets.PathOf($"detect/{model}.onnx"), "-o", edl,
            "--detect", detector, "--preprocess", preprocess).Code);
        CliResult run = Cli.Run("run", edl, "--input", photo, "--json", "--draw", png);
        Assert.Equal(0, run.Code);
        using JsonDocument answers = JsonDocument.Parse(run.Output);
        JsonElement[] objects = [.. answers.RootElement.GetProperty("answers")[0]
            .GetProperty("objects").EnumerateArray()];
        float[][] wanted = detector == "yunet" ? Faces : People;
        Assert.Equal(wanted.Length, objects.Length);
        Assert.All(objects, found => Assert.Equal(0, found.GetProperty("index").GetInt32()));
        Assert.All(wanted, box => Assert.Contains(objects, found => Overlap(box, found) > 0.6f));
        Image before = ImageFile.Load(photo);
        Image drawn = ImageFile.Load(png);
        Assert.Equal((before.Width, before.Height), (drawn.Width, drawn.Height));
        Assert.False(before.WithChannels(3).Pixels.SequenceEqual(drawn.WithChannels(3).Pixels));
    }

    [AssetFact]
    public void A_model_that_is_not_the_detector_is_rejected_in_one_line()
    {
        CliResult other = Cli.Pack("convert", Assets.PathOf("detect/FastestDet.onnx"),
            "-o", Path.Combine(folder, "x.edl"), "--detect", "yunet");
        Assert.Equal(4, other.Code);
        Assert.Contains("it is no YuNet", other.ErrorLine);
        Assert.Equal(2, Cli.Pack("convert", Assets.PathOf("detect/FastestDet.onnx"),
            "-o", Path.Combine(folder, "x.edl"), "--detect", "fastestdet,score=7").Code);
        Assert.Equal(2, Cli.Pack("convert", Assets.PathOf("detect/FastestDet.onnx"),
            "-o", Path.Combine(folder, "x.edl"), "--detect", "yolo").Code);
        Assert.Empty(Directory.GetFiles(folder));
    }

    // Intersection over union.
    static float Overlap(float[] box, JsonElement found)
    {
        float Side(string name) => found.GetProperty(name).GetSingle();
        float width = Math.Min(box[2], Side("right")) - Math.Max(box[0], Side("left"));
        float height = Math.Min(box[3], Side("bottom")) - Math.Max(box[1], Side("top"));
        float both = Math.Max(width, 0) * Math.Max(height, 0);
        float either = ((box[2] - box[0]) * (box[3] - box[1]))
            + ((Side("right") - Side("left")) * (Side("bottom") - Side("top")));
        return both / (either - both);
    }
}
