using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;

namespace EdgeDL.Pack.Verify;

/// <summary>A tensor that a model and an .onnx file have in common.</summary>
sealed class LayerPair(string name, int output)
{
    public string Name => name;

    /// <summary>Which output it is; −1 for an inner layer.</summary>
    public int Output => output;

    /// <summary>The run in which the two were farthest apart.</summary>
    public Comparison Worst { get; set; }

    /// <summary>
    /// How far the two lie apart: integers in steps, also where one side has the reals that they
    /// stand for; null if the shapes are neither equal nor channels first and last of each other.
    /// </summary>
    public static Comparison? Compare(TensorView ours, OrtTensor theirs)
    {
        int[]? places = Places(ours.Shape, theirs.Shape.Dims);
        if (places is null)
        {
            return null;
        }

        bool steps = !ours.DType.IsFloat();

        // The same 8 bits, signed and unsigned, lie half their range apart.
        int shift = (ours.DType, theirs.DType) switch
        {
            (DType.Int8, DType.UInt8) => 128,
            (DType.UInt8, DType.Int8) => -128,
            _ => 0,
        };
        Quantization? quant = theirs.DType.IsFloat() ? ours.Quant : null;
        var a = new double[places.Length];
        var e = new double[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            e[i] = Comparison.Number(theirs.Bytes, theirs.DType, places[i]);
            a[i] = Comparison.Number(ours.AsBytes(), ours.DType, i) + shift;
            if (steps && quant is { IsPerTensor: true })
            {
                // Reals between two steps are as good as either.
                double exact = (e[i] / quant.Scale) + quant.ZeroPoint;
                e[i] = Math.Abs(exact - a[i]) <= 0.5 ? a[i] : Math.Round(exact);
            }
        }

        return Comparison.Of(a, e, steps);
    }

    /// <summary>An input of the model as the .onnx file takes it.</summary>
    public static OrtTensor Input(TensorView x, OrtPort port)
    {
        int[] dims = x.Shape.ToArray();
        bool same = port.Dims.Length == dims.Length;
        for (int d = 0; same && d < dims.Length; d++)
        {
            same = port.Dims[d] < 0 || port.Dims[d] == dims[d];
        }

        if (same)
        {
            return new OrtTensor(port.Name, x.DType, x.Shape, x.AsBytes().ToArray());
        }

        int[] first = First(dims);
        int[]? places = Places(x.Shape, first) ?? throw new UsageException(
            $"input '{x.Name}' is {x.Shape} in the model and {string.Join('x', port.Dims)} in "
                + "the .onnx file");
        int size = x.DType.Size();
        var bytes = new byte[x.Bytes];
        for (int i = 0; i < places.Length; i++)
        {
            x.AsBytes().Slice(i * size, size).CopyTo(bytes.AsSpan(places[i] * size));
        }

        return new OrtTensor(port.Name, x.DType, new Shape(first), bytes);
    }

    // Where in the other tensor each of our elements stands.
    static int[]? Places(in Shape ours, ReadOnlySpan<int> theirs)
    {
        int[] dims = ours.ToArray();
        var places = new int[ours.Elements];
        if (theirs.SequenceEqual(dims))
        {
            for (int i = 0; i < places.Length; i++)
            {
                places[i] = i;
            }

            return places;
        }

        if (dims.Length < 3 || !theirs.SequenceEqual(First(dims)))
        {
            return null;
        }

        int channels = dims[^1];
        int pixels = ours.Product(1, dims.Length - 1);
        for (int i = 0; i < places.Length; i++)
        {
            int channel = i % channels;
            int pixel = i / channels % pixels;
            int batch = i / channels / pixels;
            places[i] = (((batch * channels) + channel) * pixels) + pixel;
        }

        return places;
    }

    static int[] First(int[] last) =>
        last.Length < 3 ? last : [last[0], last[^1], .. last[1..^1]];
}
