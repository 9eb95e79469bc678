using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Graphs;

/// <summary>
/// The sound front end of the keyword models of MLPerf Tiny: one second at 16 kHz to 49 frames of
/// 10 int8 cepstral coefficients.
/// </summary>
/// <remarks>Peak normalization, 30 ms frames every 20 ms, periodic Hann, FFT 512, 40 mel bands from
/// 20 to 4000 Hz, ln(x + 10⁻⁶), DCT-II; checked against the benchmark's own features.</remarks>
public static class KwsFrontEnd
{
    /// <summary>Samples of one clip.</summary>
    public const int Samples = 16000;

    const int Frames = 49;
    const int Coefficients = 10;

    /// <summary>Adds the front end to a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="pcm">An int16 value of <see cref="Samples"/> samples.</param>
    /// <param name="quant">Scale and zero point of the model's input.</param>
    /// <returns>An int8 value [1, 49, 10, 1].</returns>
    public static int Add(GraphBuilder builder, int pcm, Quantization quant)
    {
        int flat = builder.Node(new Reshape([Samples]), "clip", [pcm]);
        int peak = builder.Node(new PeakNormalize(), "peak", [flat]);
        int spectra = builder.Node(
            new Stft(480, 320, 512, WindowKind.HannPeriodic, SpectrumKind.Magnitude),
            "spectra", [peak]);
        int bands = builder.Node(
            new MelFilterBank(40, 16000, 20, 4000), "bands", [spectra]);
        int log = builder.Node(new LogOffset(1e-6f), "log", [bands]);
        int mfcc = builder.Node(new Dct(Coefficients), "mfcc", [log]);
        int q = builder.Node(new TruncateQuantize(), "features", [mfcc], quant);
        return builder.Node(
            new Reshape([1, Frames, Coefficients, 1]), "model input", [q], quant);
    }
}
