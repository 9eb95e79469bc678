namespace EdgeDL.Bench.Compare;

/// <summary>What a cell is to reach.</summary>
/// <param name="Ratio">Our time over ONNX Runtime's, at most.</param>
/// <param name="Microseconds">The time on a Zen 4 core that it comes from.</param>
sealed record Target(double Ratio, double Microseconds);

/// <summary>
/// Anchors from the best of four runtimes (ONNX Runtime, LiteRT with XNNPACK, ncnn, MNN) on one
/// Zen 4 core, as ratios to ONNX Runtime there; a tenth less than that best.
/// </summary>
static class Targets
{
    static readonly Dictionary<(string Model, string Type), Target> Anchors = new()
    {
        [("ad", "fp32")] = new(0.57, 10.7),
        [("ad", "int8")] = new(0.066, 2.6),
        [("kws", "fp32")] = new(0.86, 52),
        [("kws", "int8")] = new(0.75, 38.5),
        [("ic", "fp32")] = new(0.73, 163),
        [("ic", "int8")] = new(0.25, 70),
        [("vww", "fp32")] = new(0.90, 176),
        [("vww", "int8")] = new(0.57, 111),
        [("mobilenet_v1_1.0_224", "fp32")] = new(0.87, 10200),
        [("mobilenet_v1_1.0_224", "int8")] = new(0.85, 3650),
        [("mobilenet_v2_1.0_224", "fp32")] = new(0.82, 6700),
        [("mobilenet_v2_1.0_224", "int8")] = new(0.57, 3400),
    };

    /// <summary>The anchor of a model on one thread; null if it has none.</summary>
    public static Target? Of(string model, string type, int threads) =>
        threads == 1 && model.EndsWith($"_{type}", StringComparison.Ordinal)
            ? Anchors.GetValueOrDefault((model[..^(type.Length + 1)], type))
            : null;
}
