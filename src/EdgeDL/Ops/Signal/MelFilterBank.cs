using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[t, b] = Σ weight[k, b] · x[t, k]: spectra to bands, triangles linear in mel = 1127 ln(1 +
/// f/700); fp32, summed in fp64.
/// </summary>
public sealed unsafe class MelFilterBank(
    int bands, float sampleRate, float lowHertz, float highHertz) : Op, IOp<MelFilterBank>
{
    const int Most = 4096;

    public static OpCode Code => OpCode.MelFilterBank;

    public override OpCode OpCode => Code;

    /// <summary>How many bands come out.</summary>
    public int Bands => bands;

    public static MelFilterBank Read(ref AttributeReader a) =>
        new(a.Int(1, Most), a.Float(), a.Float(), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(bands);
        a.Float(sampleRate);
        a.Float(lowHertz);
        a.Float(highHertz);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        Shape x = c.Input(0).Shape;
        if (!(lowHertz >= 0 && highHertz > lowHertz && sampleRate > 0
            && float.IsFinite(sampleRate) && float.IsFinite(highHertz)))
        {
            c.Fail($"bands from {lowHertz} to {highHertz} Hz at {sampleRate} samples a second");
        }

        if (x.Rank == 0 || x[-1] < 2 || x[-1] > SignalRfft.MaxLength)
        {
            c.Fail($"{x} does not hold spectra of 2 to {SignalRfft.MaxLength} bins");
        }

        if ((long)x[-1] * bands > 1 << 24)
        {
            c.Fail($"{x[-1]} bins and {bands} bands need a table above 2^24 weights");
        }

        c.SetOutput(0, DType.Float32, MovementRules.Shape(c, [.. x.Dims[..^1], bands]));
        c.Macs((long)x.Elements * 2);
    }

    /// <summary>The weights [bins, bands] for spectra of so many bins.</summary>
    public void FillTriangles(Span<double> weights, int bins) => SignalTables.MelTriangles(
        weights, bins, bands, sampleRate, lowHertz, highHertz);

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        int bins = x.Shape[-1];
        double* weights = c.Pack<double>((long)bins * bands);
        FillTriangles(new Span<double>(weights, bins * bands), bins);
        return new BandsStep(x, weights, c.Output(0));
    }

    // The product of rows with a dense table; a band's weights are few, so zeros are skipped.
    sealed class BandsStep : Step
    {
        readonly TensorView x;
        readonly TensorView y;
        readonly double* weights;
        readonly int bins;
        readonly int bands;
        readonly int[] first;
        readonly int[] end;

        public BandsStep(TensorView x, double* weights, TensorView y)
        {
            this.x = x;
            this.y = y;
            this.weights = weights;
            bins = x.Shape[-1];
            bands = y.Shape[-1];
            first = new int[bands];
            end = new int[bands];
            for (int b = 0; b < bands; b++)
            {
                for (int k = bins - 1; k >= 0; k--)
                {
                    if (weights[((long)k * bands) + b] != 0)
                    {
                        first[b] = k;
                        end[b] = Math.Max(end[b], k + 1);
                    }
                }
            }
        }

        public override void Run()
        {
            int rows = x.Shape.Product(0, x.Shape.Rank - 1);
            for (int t = 0; t < rows; t++)
            {
                float* from = x.Pointer<float>() + ((long)t * bins);
                float* to = y.Pointer<float>() + ((long)t * bands);
                for (int b = 0; b < bands; b++)
                {
                    double sum = 0;
                    for (int k = first[b]; k < end[b]; k++)
                    {
                        sum += weights[((long)k * bands) + b] * from[k];
                    }

                    to[b] = (float)sum;
                }
            }
        }
    }
}
