using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>The inverse of <see cref="SignalRfft"/>: N/2 + 1 pairs to N real numbers a frame; fp32
/// comes out N times too large.</summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalIrfft.</remarks>
public sealed class SignalIrfft(int fftLength) : Op, IOp<SignalIrfft>
{
    public static OpCode Code => OpCode.SignalIrfft;

    public override OpCode OpCode => Code;

    /// <summary>N, even.</summary>
    public int FftLength => fftLength;

    public static SignalIrfft Read(ref AttributeReader a) => new(a.Int(2, SignalRfft.MaxLength));

    public override void Write(ref AttributeWriter a) => a.Int(fftLength);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.DType is not (DType.Int16 or DType.Int32 or DType.Float32))
        {
            c.Fail($"takes Int16, Int32 or Float32, not {x.DType}");
        }

        if (fftLength is < 2 or > SignalRfft.MaxLength || fftLength % 2 != 0
            || x.Shape.Rank == 0 || x.Shape[-1] != fftLength + 2)
        {
            c.Fail($"spectra of {x.Shape} are not those of an even length, {fftLength}");
        }

        int[] dims = x.Shape.ToArray();
        dims[^1] = fftLength;
        c.SetOutput(0, x.DType, MovementRules.Shape(c, dims));
        c.Macs((long)x.Shape.Product(0, x.Shape.Rank - 1) * fftLength * 16);
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Int16 => new IrfftStep<FftInt16, short>(c.Input(0), fftLength, c.Output(0)),
        DType.Int32 => new IrfftStep<FftInt32, int>(c.Input(0), fftLength, c.Output(0)),
        _ => new IrfftStep<FftFloat32, float>(c.Input(0), fftLength, c.Output(0)),
    };

    sealed unsafe class IrfftStep<TScalar, T>(TensorView x, int length, TensorView y) : Step
        where TScalar : struct, IFftScalar<T>
        where T : unmanaged
    {
        readonly RealFft<TScalar, T> fft = new(length, inverse: true);
        readonly int frames = x.Shape.Product(0, x.Shape.Rank - 1);

        public override void Run()
        {
            int bins = (length / 2) + 1;
            for (int f = 0; f < frames; f++)
            {
                fft.Inverse(
                    new ReadOnlySpan<FftComplex<T>>(
                        x.Pointer<FftComplex<T>>() + ((long)f * bins), bins),
                    new Span<T>(y.Pointer<T>() + ((long)f * length), length));
            }
        }
    }
}
