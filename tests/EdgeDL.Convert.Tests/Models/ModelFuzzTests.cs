using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Models;

/// <summary>Damaged .edl files of real models: refused in words, or run without harm.</summary>
public sealed class ModelFuzzTests
{
    [AssetTheory]
    [InlineData("kws_int8")]
    [InlineData("hello_world_int8")]
    [InlineData("sww_int8")]
    [InlineData("micro_speech_quantized")]
    [InlineData("mnist_lstm_int8")]
    [InlineData("audio_preprocessor_int8")]
    [InlineData("vww_int8")]
    public void Damaged_files_do_no_harm(string name)
    {
        EdlFuzz.All(
            name,
            PackedModels.Bytes(name),
            truncations: Settings.Count(1500, int.MaxValue),
            bitFlips: Settings.Count(1000, 20_000),
            mutations: Settings.Count(400, 2000),
            seed: 7);
    }
}
