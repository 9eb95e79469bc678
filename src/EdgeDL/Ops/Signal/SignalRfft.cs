using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// X[k] = Σ x[n] e^(−2πi·kn/N) of every frame, zero-padded to N; int16, int32 or fp32. A spectrum
/// is N/2 + 1 pairs of real and imaginary part in the last axis.
/// </summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalRfft; fixed-point spectra are divided by
/// N and have kissfft's bits.</remarks>
public sealed class SignalRfft(int fftLength) : Op, IOp<SignalRfft>
{
    internal const int MaxLength = 1 << 16;

    public static OpCode Code => OpCode.SignalRfft;

    public override OpCode OpCode => Code;

    /// <summary>N, even.</summary>
    public int FftLength => fftLength;

    public static SignalRfft Read(ref AttributeReader a) => new(a.Int(2, MaxLength));

    public override void Write(ref AttributeWriter a) => a.Int(fftLength);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.DType is not (DType.Int16 or DType.Int32 or DType.Float32))
        {
            c.Fail($"takes Int16, Int32 or Float32, not {x.DType}");
        }

        if (fftLength is < 2 or > MaxLength || fftLength % 2 != 0
            || x.Shape.Rank == 0 || x.Shape[-1] > fftLength)
        {
            c.Fail($"frames of {x.Shape} don't fit an even transform length, which is {fftLength}");
        }

        int[] dims = x.Shape.ToArray();
        dims[^1] = fftLength + 2;
        c.SetOutput(0, x.DType, MovementRules.Shape(c, dims));
        c.Macs((long)x.Shape.Product(0, x.Shape.Rank - 1) * fftLength * 16);
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Int16 => new RfftStep<FftInt16, short>(c.Input(0), fftLength, c.Output(0)),
        DType.Int32 => new RfftStep<FftInt32, int>(c.Input(0), fftLength, c.Output(0)),
        _ => new RfftStep<FftFloat32, float>(c.Input(0), fftLength, c.Output(0)),
    };
}

/// <summary>One real transform a frame.</summary>
sealed unsafe class RfftStep<TScalar, T>(TensorView x, int length, TensorView y) : Step
    where TScalar : struct, IFftScalar<T>
    where T : unmanaged
{
    readonly RealFft<TScalar, T> fft = new(length, inverse: false);
    readonly int frame = x.Shape[-1];
    readonly int frames = x.Shape.Product(0, x.Shape.Rank - 1);

    public override void Run()
    {
        int bins = (length / 2) + 1;
        for (int f = 0; f < frames; f++)
        {
            fft.Forward(
                new ReadOnlySpan<T>(x.Pointer<T>() + ((long)f * frame), frame),
                new Span<FftComplex<T>>(y.Pointer<FftComplex<T>>() + ((long)f * bins), bins));
        }
    }
}
