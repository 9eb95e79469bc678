using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Signal processing, as far as ONNX has it.</summary>
static class SignalExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.PeakNormalize] = Peak;
        table[OpCode.Stft] = Spectra;
        table[OpCode.MelFilterBank] = Bands;
        table[OpCode.Dct] = Cosines;
        table[OpCode.TruncateQuantize] = Truncated;
    }

    static void Peak(NodeExport n)
    {
        OnnxTensor x = n.Cast(n.Raw(0), DType.Float32);
        int[] axes = [.. Enumerable.Range(0, x.Shape.Rank)];
        OnnxTensor most = n.Reduce("ReduceMax", x, axes, keepDims: true);
        OnnxTensor any = n.Compare("Greater", most, n.Number(DType.Float32, 0));
        OnnxTensor scale = n.Where(any, most, n.Number(DType.Float32, 1));
        n.Give(0, n.Binary("Div", x, scale));
    }

    // Frames are gathered, and transformed by products with windowed cosines and sines.
    static void Spectra(NodeExport n)
    {
        var op = n.Op<Stft>();
        Shape y = n.Out(0).Shape;
        int frames = y[0], bins = y[1];
        long[] places = new long[frames * op.Frame];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = ((long)(i / op.Frame) * op.Hop) + (i % op.Frame);
        }

        var cut = new Shape(frames, op.Frame);
        OnnxTensor x = n.Add(
            "Gather", DType.Float32, cut, [n.Real(0), n.Constant<long>("places", cut, places)]);
        OnnxTensor real = Squared(n, x, bins, op, Math.Cos);
        OnnxTensor imaginary = Squared(n, x, bins, op, Math.Sin);
        OnnxTensor power = n.Binary("Add", real, imaginary);
        n.Give(0, op.Spectrum == SpectrumKind.Power ? power : n.Unary("Sqrt", power));
    }

    static OnnxTensor Squared(
        NodeExport n, OnnxTensor x, int bins, Stft op, Func<double, double> wave)
    {
        var window = new double[op.Frame];
        op.FillWindow(window);
        var table = new float[op.Frame * bins];
        for (int i = 0; i < op.Frame; i++)
        {
            for (int k = 0; k < bins; k++)
            {
                long turn = (long)i * k % op.FftLength;
                table[(i * bins) + k] =
                    (float)(window[i] * wave(2 * Math.PI * turn / op.FftLength));
            }
        }

        OnnxTensor part = Product(n, x, "wave", new Shape(op.Frame, bins), table);
        return n.Binary("Mul", part, part);
    }

    static void Bands(NodeExport n)
    {
        var op = n.Op<MelFilterBank>();
        int bins = n.In(0).Shape[-1];
        var weights = new double[bins * op.Bands];
        op.FillTriangles(weights, bins);
        n.Give(0, Product(
            n, n.Real(0), "bands", new Shape(bins, op.Bands),
            [.. weights.Select(w => (float)w)]));
    }

    static void Cosines(NodeExport n)
    {
        int count = n.In(0).Shape[-1];
        int outputs = n.Op<Dct>().Outputs;
        var table = new float[count * outputs];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < outputs; k++)
            {
                table[(i * outputs) + k] = (float)(
                    Math.Sqrt(2.0 / count) * Math.Cos(Math.PI * k * (i + 0.5) / count));
            }
        }

        n.Give(0, Product(n, n.Real(0), "cosines", new Shape(count, outputs), table));
    }

    // A cast drops the fraction, as the op does.
    static void Truncated(NodeExport n)
    {
        Quantization quant = n.Out(0).Quant!;
        OnnxTensor steps = n.Binary("Div", n.Real(0), n.Number(DType.Float32, quant.Scale));
        OnnxTensor moved = n.Binary("Add", steps, n.Number(DType.Float32, quant.ZeroPoint));
        OnnxTensor whole = n.Cast(n.Clipped(moved, -128, 127), DType.Int32);
        n.GiveRaw(0, n.Cast(whole, DType.Int8));
    }

    static OnnxTensor Product(
        NodeExport n, OnnxTensor x, string what, in Shape shape, float[] table) => n.Add(
            "MatMul", DType.Float32, x.Shape.With(-1, shape[1]),
            [x, n.Constant<float>(what, shape, table)]);
}
