namespace EdgeDL.Bench.Compare;

/// <summary>How ONNX Runtime was set, in words.</summary>
static class OrtSettings
{
    public static string Text(string version) =>
        $"ONNX Runtime {version}: CPU provider, all graph optimizations, as many intra-op threads "
        + "as ours, its own default for all else: its threads spin while they wait (before each "
        + "block both rest until nobody spins, where threads > 1), and "
        + "`session.x64quantprecision` is 0, the faster mode, whose int8 sums may saturate on "
        + "processors without VNNI. Inputs and outputs are preallocated and bound. The form of a "
        + "model is the fastest of those that give our answers: as it came, or exported; "
        + "quantized graphs as QDQ with int8 or uint8 activations and int8 weights; images as "
        + "they are (channels last) or NCHW, as fp32 ones are. Answers are compared in its exact "
        + "mode.";
}
