using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// X[k] = Σ x[n] e^(∓2πi·kn/N) along an axis of fp32 numbers, the last axis holding their real
/// part, or real and imaginary part. x is cut or zero-padded to N; the inverse divides by N. A
/// one-sided transform of real numbers gives their N/2 + 1 bins, its inverse takes these and gives
/// N real numbers. Computed in fp64.
/// </summary>
/// <remarks>ONNX operator DFT.</remarks>
public sealed class Dft(int axis, int length, bool inverse, bool oneSided) : Op, IOp<Dft>
{
    const int MaxLength = 1 << 20;

    // Lengths with a large prime factor cost their square.
    const long MostOperations = 1L << 32;

    public static OpCode Code => OpCode.Dft;

    public override OpCode OpCode => Code;

    /// <summary>The axis that is transformed.</summary>
    public int Axis => axis;

    /// <summary>N.</summary>
    public int Length => length;

    public bool Inverse => inverse;

    /// <summary>The side in frequency has N/2 + 1 numbers, the other is real.</summary>
    public bool OneSided => oneSided;

    public static Dft Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Int(1, MaxLength), a.Bool(), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Int(length);
        a.Bool(inverse);
        a.Bool(oneSided);
    }

    public override unsafe void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        Shape x = c.Input(0).Shape;
        MovementRules.Axis(c, axis, Math.Max(x.Rank - 1, 0));
        if (x[-1] is not (1 or 2) || (oneSided && inverse && x[-1] == 1)
            || (oneSided && !inverse && x[-1] == 2))
        {
            c.Fail($"the last axis of {x} holds neither real nor complex numbers of this "
                + "transform");
        }

        if (length is < 1 or > MaxLength || Operations(length) > MostOperations)
        {
            c.Fail($"a transform of {length} numbers is too long, or its prime factors are");
        }

        int[] dims = x.ToArray();
        dims[axis] = oneSided && !inverse ? (length / 2) + 1 : length;
        dims[^1] = oneSided && inverse ? 1 : 2;
        Shape y = MovementRules.Shape(c, dims);
        c.Scratch(2L * length * sizeof(FftComplex<double>));
        c.SetOutput(0, DType.Float32, y);
        c.Macs(y.Elements / Math.Max(1, dims[axis] * dims[^1]) * Operations(length));
    }

    public override unsafe Step? Prepare(PrepareContext c) =>
        new DftStep(this, c.Input(0), c.Output(0), c.ScratchPointer);

    static long Operations(int n)
    {
        long sum = 0;
        int rest = n;
        for (int factor = 2; factor * factor <= rest; factor++)
        {
            while (rest % factor == 0)
            {
                rest /= factor;
                sum += factor;
            }
        }

        return 4L * n * (sum + rest);
    }

    sealed unsafe class DftStep(Dft op, TensorView x, TensorView y, byte* scratch) : Step
    {
        readonly ComplexFft<FftFloat64, double> fft = new(op.Length, op.Inverse);
        readonly int axis = op.Axis;
        readonly bool mirrors = op.Inverse && op.OneSided;
        readonly double scale = op.Inverse ? 1.0 / op.Length : 1;

        public override void Run()
        {
            int outer = x.Shape.Product(0, axis);
            int inner = x.Shape.Product(axis + 1, x.Shape.Rank - 1);
            (int from, int to) = (x.Shape[axis], y.Shape[axis]);
            (int xParts, int yParts) = (x.Shape[-1], y.Shape[-1]);
            var time = new Span<FftComplex<double>>(scratch, fft.Length);
            var bins = new Span<FftComplex<double>>(
                scratch + ((nint)fft.Length * sizeof(FftComplex<double>)), fft.Length);
            for (int line = 0; line < outer * inner; line++)
            {
                (int o, int i) = Math.DivRem(line, inner);
                Load(x.Pointer<float>() + (((nint)o * from * inner) + i) * xParts,
                    (nint)inner * xParts, Math.Min(from, fft.Length), xParts, time);
                fft.Run(time, bins);
                float* target = y.Pointer<float>() + (((nint)o * to * inner) + i) * yParts;
                for (int k = 0; k < to; k++, target += (nint)inner * yParts)
                {
                    target[0] = (float)(bins[k].Re * scale);
                    if (yParts == 2)
                    {
                        target[1] = (float)(bins[k].Im * scale);
                    }
                }
            }
        }

        void Load(float* from, nint stride, int count, int parts, Span<FftComplex<double>> to)
        {
            to.Clear();
            count = mirrors ? Math.Min(count, (to.Length / 2) + 1) : count;
            for (int n = 0; n < count; n++, from += stride)
            {
                to[n] = new(from[0], parts == 2 ? from[1] : 0);
                if (mirrors && n > 0)
                {
                    to[^n] = new(to[n].Re, -to[n].Im);
                }
            }
        }
    }
}
