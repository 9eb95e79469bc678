using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Convolutions of 8-bit integers.</summary>
static class QuantConvImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("ConvInteger", ConvInteger);
        t.Add("QLinearConv", QLinearConv);
        t.Add(OnnxTable.Microsoft, "QLinearConv", QLinearConv);
        t.Add(OnnxTable.Microsoft, "FusedConv", FusedConv);
    }

    // Inputs: x, w, bias, and what is added before the activation.
    static void FusedConv(NodeImport n)
    {
        int y = ConvImports.Convolve(n, n.Input(0), n.Input(1), n.Input(2), quants: null);
        y = n.Has(3) ? n.Add(new Add(Activation.None), "sum", y, n.Input(3)) : y;
        n.SetOutput(0, FusedActivation.Add(n, y, n.Text("activation", "")));
    }

    static void ConvInteger(NodeImport n) => n.SetOutput(0, Sums(n, 1, 2, 3));

    static int Sums(NodeImport n, int w, int zeroX, int zeroW)
    {
        Shape shape = n.ShapeOf(w);
        if (shape.Rank < 3 || n.ShapeOf(0).Rank != shape.Rank)
        {
            throw n.Fail($"it convolves {n.ShapeOf(0)} with {shape}");
        }

        return shape.Rank < 5 ? Integers(n, w, zeroX, zeroW) : Volumes(n, w, zeroX, zeroW);
    }

    static int Integers(NodeImport n, int w, int zeroX, int zeroW)
    {
        (int oneX, int manyX) = MatrixProducts.Zero(n, n.Input(zeroX));
        (int oneW, int manyW) = MatrixProducts.Zero(n, n.Input(zeroW));
        Shape shape = n.ShapeOf(w);
        if (manyX >= 0 || (manyW >= 0 && n[manyW].Shape.Elements != shape[0]))
        {
            throw n.Fail("it has more zero points than one for its data and one for each of its "
                + $"{shape[0]} outputs");
        }

        int y = ConvImports.Integers(n, n.Input(0), n.Input(w), oneX, oneW);
        if (manyW < 0)
        {
            return y;
        }

        // Σ (x − zx)(w − zw) = Σ (x − zx) w − zw Σ (x − zx): the last as a sum by ones.
        if (!n.Graph.Model.Budget.TryTake(shape.Elements))
        {
            throw n.Unsupported($"its weights are {shape}", "export the model with smaller layers");
        }

        sbyte[] ones = new sbyte[shape.Elements];
        Array.Fill(ones, (sbyte)1);
        int sums = ConvImports.Integers(
            n, n.Input(0), n.Constant<sbyte>("ones", shape, ones), oneX, -1);
        int column = n.Reshape(manyW, [shape[0], .. Enumerable.Repeat(1, shape.Rank - 2)]);
        return MatrixProducts.Less(n, y, column, sums);
    }

    // Of three spatial axes: in fp32, by channels, so that every sum is exact.
    static int Volumes(NodeImport n, int w, int zeroX, int zeroW)
    {
        Shape shape = n.ShapeOf(w);
        int x = Centred(n, n.Input(0), n.Input(zeroX), "data");
        int zero = n.Input(zeroW);
        zero = zero >= 0 && n[zero].Shape.Elements > 1
            ? n.Reshape(zero, [shape[0], .. Enumerable.Repeat(1, shape.Rank - 1)])
            : zero;
        int weights = Centred(n, n.Input(w), zero, "weights");
        int window = shape.Product(2, shape.Rank);
        int step = Math.Max(1, MatrixProducts.ExactDepth / Math.Max(window, 1));
        if (shape[1] <= step || MatrixProducts.IsExact(n, weights, shape.Product(1, shape.Rank)))
        {
            int y = ConvImports.Convolve(n, x, weights, -1, quants: null);
            return n.Add(new Cast(DType.Int32), "whole", y);
        }

        if (n.Int("group", 1) != 1 || window > MatrixProducts.ExactDepth)
        {
            throw n.Unsupported($"its sums of {shape.Product(1, shape.Rank)} products may leave "
                + "the numbers that fp32 holds exactly", "use smaller windows or weights");
        }

        int sum = -1;
        for (int c = 0; c < shape[1]; c += step)
        {
            int count = Math.Min(step, shape[1] - c);
            int part = ConvImports.Convolve(
                n, Channels(n, x, c, count), Channels(n, weights, c, count), -1, quants: null);
            part = n.Add(new Cast(DType.Int32), "whole", part);
            sum = sum < 0 ? part : n.Add(new Add(Activation.None), "sum", sum, part);
        }

        return sum;
    }

    static int Channels(NodeImport n, int value, int begin, int count)
    {
        Shape shape = n[value].Shape;
        int[] from = new int[shape.Rank];
        from[1] = begin;
        return n.Add(new Slice(from, shape.With(1, count).ToArray()), $"part {begin}", value);
    }

    static int Centred(NodeImport n, int value, int zero, string what)
    {
        int real = n.Add(new Cast(DType.Float32), what, value);
        if (zero < 0)
        {
            return real;
        }

        int offset = n.Add(new Cast(DType.Float32), $"{what} zero", zero);
        offset = n[offset].Shape.Elements == 1 ? n.Reshape(offset) : offset;
        return n.Add(new Sub(Activation.None), $"centred {what}", real, offset);
    }

    // Inputs: x, its scale and zero point, w and its, y's, and a bias in int32.
    static void QLinearConv(NodeImport n)
    {
        if (Kernel(n) is { } y)
        {
            n.SetOutput(0, y);
            return;
        }

        int sums = Sums(n, 3, 2, 5);
        int[] column = [.. Enumerable.Repeat(1, n.ShapeOf(0).Rank - 2)];
        if (n.Has(8))
        {
            sums = n.Add(new Add(Activation.None), "biased", sums,
                n.Reshape(n.Input(8), [n.ShapeOf(8).Elements, .. column]));
        }

        int scale = n.ShapeOf(4).Elements == 1
            ? n.Reshape(n.Input(4))
            : n.Reshape(n.Input(4), [n.ShapeOf(4).Elements, .. column]);
        int factor = n.Add(
            new Mul(Activation.None), "scales", n.Reshape(n.Input(1)), scale);
        factor = n.Add(new Div(Activation.None), "factor", factor, n.Reshape(n.Input(6)));
        n.SetOutput(0, QuantImports.Requantized(n, sums, factor, 7));
    }

    // Null where no 8-bit kernel multiplies these types and zero points.
    static int? Kernel(NodeImport n)
    {
        Shape w = n.ShapeOf(3);
        if (w.Rank is not (3 or 4)
            || QuantParameters.Of(n, 1, 2, Shape.Scalar, 0) is not { IsPerTensor: true } from
            || QuantParameters.Of(n, 4, 5, w, 0) is not { } weights
            || QuantParameters.Of(n, 6, 7, Shape.Scalar, 0) is not { IsPerTensor: true } to
            || !QuantParameters.IsConstant(n, 3))
        {
            return null;
        }

        int x = n.Quantized(0, from);
        (DType data, DType kernel, DType output) = (n[x].DType, n.In(3).DType, n.In(7).DType);
        if (Signed.Weights(n, 3, weights) is { } signed && output is DType.Int8 or DType.UInt8)
        {
            Quantization target = output == DType.Int8 ? to : Signed.Of(to);
            int y = ConvImports.Convolve(n, Signed.Data(n, x), signed.Value, n.Input(8),
                new ConvQuants(signed.Quant, target));
            return output == DType.Int8 ? y : Signed.Back(n, y, to);
        }

        return (data, kernel, output) == (DType.UInt8, DType.UInt8, DType.UInt8)
            && weights.IsPerTensor
            ? ConvImports.Convolve(n, x, n.Input(3), n.Input(8), new ConvQuants(weights, to))
            : null;
    }
}
