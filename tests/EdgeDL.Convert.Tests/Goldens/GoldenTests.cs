using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using Xunit.Abstractions;

namespace EdgeDL.Convert.Tests.Goldens;

/// <summary>
/// Converted models give what LiteRT gives: integers to the bit, floats within 1e-5.
/// </summary>
public sealed class GoldenTests(ITestOutputHelper log)
{
    public static TheoryData<string, Route> Models
    {
        get
        {
            var data = new TheoryData<string, Route>();
            foreach (GoldenModel model in IndexCsv.Models.Where(m => !IsUnwritten(m.Name)))
            {
                data.Add(model.Name, Route.Imported);
                data.Add(model.Name, Route.Packed);
            }

            return data;
        }
    }

    // LiteRT has no signal ops: the outputs recorded for these models are bytes of its heap that
    // nothing had written (two 0x02b4fc78 in a row). SignalGoldenTests has the right ones.
    static bool IsUnwritten(string model) =>
        model.StartsWith("audio_preprocessor", StringComparison.Ordinal);

    public static TheoryData<string, Route> OwnModels
    {
        get
        {
            var data = new TheoryData<string, Route>();
            foreach (string name in (string[])[
                "hello_world_float", "hello_world_int8", "person_detect", "sww_int8"])
            {
                data.Add(name, Route.Imported);
                data.Add(name, Route.Packed);
            }

            return data;
        }
    }

    [AssetTheory, MemberData(nameof(Models))]
    public void Recorded_outputs(string name, Route route)
    {
        GoldenModel golden = IndexCsv.Model(name);
        using Session session = GoldenRun.Open(golden.TflitePath, route);
        for (int i = 0; i < GoldenModel.Cases; i++)
        {
            for (int k = 0; k < golden.Inputs.Count; k++)
            {
                GoldenRun.Fill(session, k, golden.Inputs[k].Bytes(i));
            }

            var judge = new FloatJudge(log, golden.TflitePath, session.Input(0));
            session.Run();
            for (int k = 0; k < golden.Outputs.Count; k++)
            {
                GoldenRun.Same(
                    golden.Outputs[k].Bytes(i), session.Output(k), judge, $"{name} {i} out{k}");
            }
        }
    }

    [AssetTheory, MemberData(nameof(OwnModels))]
    public void Outputs_recorded_for_this_repository(string name, Route route)
    {
        string folder = Repository.PathOf($"tests/goldens/{name}");
        using Session session = GoldenRun.Open(Assets.Tflite(name), route);
        int runs = Directory.GetFiles(folder, "*_in0.bin").Length;
        Assert.NotEqual(0, runs);
        for (int i = 0; i < runs; i++)
        {
            GoldenRun.Fill(session, 0, File.ReadAllBytes($"{folder}/{i}_in0.bin"));
            var judge = new FloatJudge(log, Assets.Tflite(name), session.Input(0));
            session.Run();
            byte[] expected = File.ReadAllBytes($"{folder}/{i}_out0.bin");
            GoldenRun.Same(expected, session.Output(0), judge, $"{name} {i}");
        }
    }

    // Unsaturated outputs: the sharpest test of all.
    [AssetTheory]
    [InlineData("vww_int8", Route.Imported)]
    [InlineData("vww_int8", Route.Packed)]
    [InlineData("vww_fp32", Route.Packed)]
    [InlineData("ic_int8", Route.Imported)]
    [InlineData("ic_int8", Route.Packed)]
    [InlineData("ic_fp32", Route.Packed)]
    public void Photo_crops(string name, Route route)
    {
        using Session session = GoldenRun.Open(Assets.Tflite(name), route);
        byte[] pixels = Assets.Bytes($"golden/natural/{name[..name.IndexOf('_')]}_rgb.bin");
        float divisor = name.StartsWith("vww", StringComparison.Ordinal) ? 255f : 1f;
        int picture = session.Input(0).Elements;
        string[][] rows = [.. GoldenRows.Read($"golden/natural/{name}.csv")];
        Assert.Equal(pixels.Length / picture, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            Pixels(pixels.AsSpan(i * picture, picture), session.Input(0), divisor);
            var judge = new FloatJudge(log, Assets.Tflite(name), session.Input(0));
            session.Run();
            GoldenRun.SameRow(rows[i], 1, session.Output(0), judge, $"{name} crop {i}");
        }
    }

    [AssetTheory]
    [InlineData(Route.Imported)]
    [InlineData(Route.Packed)]
    public void Keywords_500_of_500(Route route)
    {
        using Session session = GoldenRun.Open(Assets.Tflite("kws_int8"), route);
        int rows = 0;
        foreach (string[] row in GoldenRows.Read("golden/kws_int8_500.csv"))
        {
            GoldenRun.Fill(session, 0, Assets.Bytes($"kws/mfcc/{row[0]}"));
            var judge = new FloatJudge(log, Assets.Tflite("kws_int8"), session.Input(0));
            session.Run();
            GoldenRun.SameRow(row, 2, session.Output(0), judge, row[0]);
            rows++;
        }

        Assert.Equal(500, rows);
    }

    [AssetTheory]
    [InlineData(Route.Imported)]
    [InlineData(Route.Packed)]
    public void Keywords_with_dynamic_range_weights_choose_the_same_word(Route route)
    {
        const float FeatureScale = 0.5847029089927673f;
        const int FeatureZero = 83;
        using Session session = GoldenRun.Open(Assets.Tflite("kws_drq"), route);
        int same = 0;
        foreach (string[] row in GoldenRows.Read("golden/kws_drq_500.csv"))
        {
            byte[] features = Assets.Bytes($"kws/mfcc/{row[0]}");
            Span<float> x = session.Input(0).AsSpan<float>();
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = ((sbyte)features[i] - FeatureZero) * FeatureScale;
            }

            session.Run();
            int top = GoldenRun.Top(session.Output(0).AsSpan<float>());
            same += top == GoldenRun.Top(GoldenRows.Numbers(row, 2)) ? 1 : 0;
        }

        Assert.Equal(500, same);
    }

    public static TheoryData<string, string> Photos
    {
        get
        {
            var data = new TheoryData<string, string>();
            if (Assets.Present)
            {
                foreach (string[] row in GoldenRows.Read("golden/imagenet_images.csv"))
                {
                    data.Add(row[0], row[1]);
                }
            }

            return data;
        }
    }

    [AssetTheory, MemberData(nameof(Photos))]
    public void Photos_of_imagenet(string name, string picture)
    {
        string[] row = GoldenRows.Read("golden/imagenet_images.csv")
            .First(r => r[0] == name && r[1] == picture);
        using Session session = GoldenRun.Open(Assets.Tflite(name), Route.Packed);
        byte[] pixels = picture.EndsWith(".bmp", StringComparison.Ordinal)
            ? Bitmap(Assets.Bytes($"images/{picture}"))
            : Assets.Bytes($"images/{picture}");

        TensorView input = session.Input(0);
        if (input.DType == DType.Float32)
        {
            Span<float> x = input.AsSpan<float>();
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (pixels[i] - 127.5f) / 127.5f;
            }
        }
        else
        {
            GoldenRun.Fill(session, 0, pixels);
        }

        var judge = new FloatJudge(log, Assets.Tflite(name), input);
        session.Run();
        GoldenRun.SameRow(row, 2, session.Output(0), judge, $"{name} {picture}");
    }

    // int8 takes pixel − 128, float pixel / divisor.
    static void Pixels(ReadOnlySpan<byte> pixels, TensorView input, float divisor)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            if (input.DType == DType.Int8)
            {
                input.AsSpan<sbyte>()[i] = (sbyte)(pixels[i] - 128);
            }
            else
            {
                input.AsSpan<float>()[i] = pixels[i] / divisor;
            }
        }
    }

    // 24-bit rows from the bottom up, blue first, padded to four bytes.
    static byte[] Bitmap(byte[] file)
    {
        int start = MemoryMarshal.Read<int>(file.AsSpan(10));
        int width = MemoryMarshal.Read<int>(file.AsSpan(18));
        int height = MemoryMarshal.Read<int>(file.AsSpan(22));
        int stride = (width * 3 + 3) / 4 * 4;
        var rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    rgb[(y * width + x) * 3 + c] =
                        file[start + (height - 1 - y) * stride + x * 3 + 2 - c];
                }
            }
        }

        return rgb;
    }
}
