using EdgeDL.Ops;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Fourier transforms; windows and mel weights, which are constants.</summary>
static class SignalImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("DFT", Dft);
        t.Add("STFT", Stft);
        t.Add("MelWeightMatrix", MelWeightMatrix);
        t.Add("HannWindow", n => Window(n, 0.5, 0.5, 0));
        t.Add("HammingWindow", n => Window(n, 25.0 / 46, 21.0 / 46, 0));
        t.Add("BlackmanWindow", n => Window(n, 0.42, 0.5, 0.08));
    }

    static void Dft(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int axis = n.Axis(
            n.Opset >= 20 ? n.Has(2) ? n.Int(2, "axis") : -2 : n.Long("axis", 1), x.Rank);
        bool inverse = n.Flag("inverse");
        bool oneSided = n.Flag("onesided");
        int length = n.Has(1) ? n.Int(1, "length")
            : inverse && oneSided ? Math.Max((2 * x[axis]) - 2, 1) : x[axis];
        if (axis == x.Rank - 1)
        {
            throw n.Fail($"it transforms the last axis of {x}, which holds the parts of numbers");
        }

        if (oneSided && !inverse && x[-1] == 2)
        {
            // Complex numbers have no redundant half: both sides are computed, one is kept.
            int both = n.Add(
                new Dft(axis, length, inverse: false, oneSided: false), "both sides", n.Input(0));
            n.Emit(
                new Slice(
                    new int[x.Rank], n[both].Shape.With(axis, (length / 2) + 1).ToArray()),
                both);
            return;
        }

        n.Emit(new Dft(axis, length, inverse, oneSided), n.Input(0));
    }

    // Frames are gathered, weighted and transformed: [batch, frames, bins, 2].
    static void Stft(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int signal = x.Rank == 2 ? n.Reshape(n.Input(0), x[0], x[1], 1) : n.Input(0);
        x = n[signal].Shape;
        int step = n.Int(1, "frame step");
        int length = n.Has(3) ? n.Int(3, "frame length")
            : n.Has(2) ? n.ShapeOf(2).Elements
            : throw n.Fail("it has neither a window nor a frame length");
        if (x.Rank != 3 || x[2] is not (1 or 2) || step < 1 || length < 1 || length > x[1])
        {
            throw n.Fail($"frames of {length} numbers, {step} apart, don't fit {x}");
        }

        int frames = ((x[1] - length) / step) + 1;
        if ((long)frames * length > Shape.MaxElements
            || !n.Graph.Model.Budget.TryTake((long)frames * length * sizeof(int)))
        {
            throw n.Unsupported($"{frames} frames of {length} numbers are too many",
                "export the model for a shorter signal");
        }

        var places = new int[frames * length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (i / length * step) + (i % length);
        }

        int framed = n.Add(new Gather(1, 0), "frames", signal,
            n.Constant<int>("places", new Shape(frames, length), places));
        if (n.Has(2))
        {
            if (n.ShapeOf(2).Elements != length)
            {
                throw n.Fail($"a window {n.ShapeOf(2)} does not fit frames of {length}");
            }

            framed = n.Add(new Mul(Activation.None), "weighted", framed,
                n.Reshape(n.Input(2), length, 1));
        }

        bool oneSided = n.Flag("onesided", true) && x[2] == 1;
        n.Emit(new Dft(2, length, inverse: false, oneSided), framed);
    }

    // a − b cos(2πi/N) + c cos(4πi/N), N being the size, or one less for a symmetric one.
    static void Window(NodeImport n, double a, double b, double c)
    {
        int size = n.Int(0, "size");
        int period = Math.Max(n.Flag("periodic", true) ? size : size - 1, 1);
        Set(n, (DataType)n.Int("output_datatype", (int)DataType.Float), [size], i =>
        {
            double turn = 2 * Math.PI * i / period;
            return a - (b * Math.Cos(turn)) + (c * Math.Cos(2 * turn));
        });
    }

    // Triangles between points that are equally far apart in mel.
    static void MelWeightMatrix(NodeImport n)
    {
        int bands = n.Int(0, "number of bands");
        int length = n.Int(1, "transform length");
        int rate = n.Int(2, "sample rate");
        if (bands is < 1 or > 1 << 20 || length is < 1 or > 1 << 28 || rate < 1)
        {
            throw n.Fail($"{bands} bands of {length} numbers at {rate} Hz are none");
        }

        double low = Mel(Hertz(n, 3));
        double step = (Mel(Hertz(n, 4)) - low) / (bands + 2);
        int[] points = [.. Enumerable.Range(0, bands + 2).Select(i =>
        {
            double hertz = 700 * (Math.Pow(10, (low + (i * step)) / 2595) - 1);
            return (int)Math.Floor((length + 1) * hertz / rate);
        })];
        Set(n, (DataType)n.Int("output_datatype", (int)DataType.Float),
            [(length / 2) + 1, bands], i =>
            {
                (int bin, int band) = ((int)(i / bands), (int)(i % bands));
                (int left, int middle, int right) =
                    (points[band], points[band + 1], points[band + 2]);
                // A triangle without a left side is 1 in its middle; a right side goes before.
                return bin >= middle && bin < right ? (double)(right - bin) / (right - middle)
                    : bin == middle ? 1
                    : bin >= left && bin < middle ? (double)(bin - left) / (middle - left)
                    : 0;
            });
    }

    static float Hertz(NodeImport n, int i) => n.Floats(i, "edge") is [float one]
        ? one
        : throw n.Fail($"its edge is {n.ShapeOf(i)}, not one number");

    static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    static void Set(NodeImport n, DataType type, long[] dims, Func<long, double> number)
    {
        DType stored = ElementTypes.Stored(type);
        Shape shape = TensorData.ShapeOf(dims, n.Place);
        if (stored is DType.None or DType.BFloat16 or DType.Bool)
        {
            throw n.Unsupported($"its numbers are {type}", "ask for float");
        }

        if (!n.Graph.Model.Budget.TryTake(stored.Bytes(shape.Elements)))
        {
            throw n.Unsupported($"it makes a constant of {shape.Elements} elements",
                "export the model with smaller ones");
        }

        int size = stored.Size();
        var bytes = new byte[(long)shape.Elements * size];
        for (int i = 0; i < shape.Elements; i++)
        {
            Numbers.Bytes(number(i), stored).CopyTo(bytes, (long)i * size);
        }

        n.SetOutput(0, n.Graph.Constant(n.Name, new TensorData(type, shape, bytes)));
    }
}
