using System.Runtime.InteropServices;
using EdgeDL.Convert.Tflite;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Tflite;

/// <summary>
/// The features that TensorFlow Lite Micro publishes for 30 ms of its yes and no clips
/// (micro_speech_test.cc). The goldens of the test material don't serve here: LiteRT lacks the
/// signal library's ops and recorded memory that nothing had written.
/// </summary>
public sealed class SignalGoldenTests
{
    const int HeaderBytes = 44;
    const int YesStart = 8000;
    const int NoStart = 8960;

    static readonly sbyte[] yes =
    [
        124, 105, 126, 103, 125, 101, 123, 100, 116, 98, 115, 97, 113, 90, 91, 82, 104, 96, 117,
        97, 121, 103, 126, 101, 125, 104, 126, 104, 125, 101, 116, 90, 81, 74, 80, 71, 83, 76, 82,
        71,
    ];

    static readonly sbyte[] no =
    [
        126, 103, 124, 102, 124, 102, 123, 100, 118, 97, 118, 100, 118, 98, 121, 100, 121, 98, 117,
        91, 96, 74, 54, 87, 100, 87, 109, 92, 91, 80, 64, 55, 83, 74, 74, 78, 114, 95, 101, 81,
    ];

    [AssetFact]
    public void Integer_front_end_gives_the_published_features()
    {
        Check.Same<sbyte>(yes, Features("yes", YesStart), "yes");
        Check.Same<sbyte>(no, Features("no", NoStart), "no");
    }

    // One takes the logarithm times 256/666 − 128, the other times 1/25.6.
    [AssetFact]
    public void Float_front_end_agrees_with_the_integer_one()
    {
        byte[] bytes = Run("audio_preprocessor_float", "yes", YesStart);
        ReadOnlySpan<float> floats = MemoryMarshal.Cast<byte, float>(bytes);
        Assert.Equal(yes.Length, floats.Length);
        for (int i = 0; i < yes.Length; i++)
        {
            double expected = Math.Round(floats[i] * 25.6 * 256 / 666) - 128;
            Assert.InRange(yes[i] - expected, -1, 1);
        }
    }

    static sbyte[] Features(string clip, int start) =>
        MemoryMarshal.Cast<byte, sbyte>(Run("audio_preprocessor_int8", clip, start)).ToArray();

    static byte[] Run(string name, string clip, int start)
    {
        using Model model = TfliteImporter.Import(Assets.Tflite(name), new ImportOptions());
        using var session = new Session(model);
        byte[] wav = Assets.Bytes($"micro/{clip}_1000ms.wav");
        wav.AsSpan(HeaderBytes + (2 * start), 960).CopyTo(session.Input(0).AsBytes());
        session.Run();
        return session.Output(0).AsBytes().ToArray();
    }
}
