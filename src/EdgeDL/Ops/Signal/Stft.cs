using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The window of a short-time transform. The numbers are part of the file format.
/// </summary>
public enum WindowKind
{
    /// <summary>All ones.</summary>
    Rectangle = 0,
    /// <summary>½ − ½ cos(2πn/N).</summary>
    HannPeriodic = 1,
    /// <summary>½ − ½ cos(2πn/(N − 1)).</summary>
    HannSymmetric = 2,
    /// <summary>0.54 − 0.46 cos(2πn/(N − 1)).</summary>
    HammingSymmetric = 3,
}

/// <summary>What a short-time transform gives for each bin.</summary>
public enum SpectrumKind
{
    /// <summary>|X|.</summary>
    Magnitude = 0,
    /// <summary>|X|².</summary>
    Power = 1,
}

/// <summary>
/// y[t, k] = |Σ window[n] · x[t·hop + n] e^(−2πi·kn/N)| or its square: fp32 samples to frames of
/// N/2 + 1 bins, as many frames as fit. Computed in fp64.
/// </summary>
public sealed unsafe class Stft(
    int frame, int hop, int fftLength, WindowKind window, SpectrumKind spectrum) : Op, IOp<Stft>
{
    public static OpCode Code => OpCode.Stft;

    public override OpCode OpCode => Code;

    /// <summary>Samples of a frame.</summary>
    public int Frame => frame;

    /// <summary>Samples from one frame's start to the next.</summary>
    public int Hop => hop;

    /// <summary>N, even; frames are zero-padded to it.</summary>
    public int FftLength => fftLength;

    public SpectrumKind Spectrum => spectrum;

    public static Stft Read(ref AttributeReader a) =>
        new(
            a.Int(1, SignalRfft.MaxLength), a.Int(1, 1 << 24), a.Int(2, SignalRfft.MaxLength),
            (WindowKind)a.Enum(4), (SpectrumKind)a.Enum(2));

    public override void Write(ref AttributeWriter a)
    {
        a.Int(frame);
        a.Int(hop);
        a.Int(fftLength);
        a.Byte((byte)window);
        a.Byte((byte)spectrum);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        Shape x = c.Input(0).Shape;
        if (frame > fftLength || fftLength % 2 != 0)
        {
            c.Fail($"frames of {frame} samples don't fit an even transform length, {fftLength}");
        }

        if (x.Rank != 1 || x[0] < frame)
        {
            c.Fail($"{x} does not hold one frame of {frame} samples");
        }

        int frames = ((x[0] - frame) / hop) + 1;
        c.Scratch(SpectrumBytes(fftLength));
        c.SetOutput(0, DType.Float32, MovementRules.Shape(c, [frames, (fftLength / 2) + 1]));
        c.Macs((long)frames * fftLength * 16);
    }

    public override Step? Prepare(PrepareContext c)
    {
        double* table = c.Pack<double>(frame);
        var w = new Span<double>(table, frame);
        FillWindow(w);
        return new StftStep(
            c.Input(0), frame, hop, fftLength, table, spectrum, c.ScratchPointer, c.Output(0));
    }

    /// <summary>The window's <see cref="Frame"/> weights.</summary>
    public void FillWindow(Span<double> w)
    {
        switch (window)
        {
            case WindowKind.HannPeriodic:
                SignalTables.HannPeriodic(w);
                break;
            case WindowKind.HannSymmetric:
                SignalTables.CosineSymmetric(w, 0.5, 0.5);
                break;
            case WindowKind.HammingSymmetric:
                SignalTables.CosineSymmetric(w, 0.54, 0.46);
                break;
            default:
                w.Fill(1);
                break;
        }
    }

    static long SpectrumBytes(int fftLength) => (fftLength + (fftLength + 2L)) * sizeof(double);

    sealed class StftStep(
        TensorView x, int frame, int hop, int fftLength, double* window, SpectrumKind spectrum,
        byte* scratch, TensorView y) : Step
    {
        readonly RealFft<FftFloat64, double> fft = new(fftLength, inverse: false);

        public override void Run()
        {
            int bins = (fftLength / 2) + 1;
            int frames = y.Shape[0];
            var samples = new Span<double>(scratch, frame);
            var spectra = new Span<FftComplex<double>>(
                scratch + ((long)fftLength * sizeof(double)), bins);
            for (int t = 0; t < frames; t++)
            {
                float* from = x.Pointer<float>() + ((long)t * hop);
                for (int n = 0; n < frame; n++)
                {
                    samples[n] = from[n] * window[n];
                }

                fft.Forward(samples, spectra);
                float* to = y.Pointer<float>() + ((long)t * bins);
                for (int k = 0; k < bins; k++)
                {
                    double power = (spectra[k].Re * spectra[k].Re)
                        + (spectra[k].Im * spectra[k].Im);
                    to[k] = (float)(spectrum == SpectrumKind.Power ? power : Math.Sqrt(power));
                }
            }
        }
    }
}
