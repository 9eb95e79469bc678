using EdgeDL.Graphs;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>
/// 8-bit ops with TensorFlow Lite's arithmetic, said in integers of ONNX: the same bits. As
/// dequantize → op → quantize some results would be a step off, and what follows makes more of it.
/// </summary>
static class LiteArithmetic
{
    // Added before a division and taken off behind it: Div cuts towards zero, the shift down.
    const long Turns = 1 << 12;

    /// <summary>False if the node is not of this kind; then nothing is done.</summary>
    public static bool TryExport(NodeExport n)
    {
        if (!n.Run.IsExact || n.OutputCount != 1 || n.Out(0) is not
            { DType: DType.Int8 or DType.UInt8, Quant: { Rounding: Rounding.Lite } } y)
        {
            return false;
        }

        return n.Node.Op switch
        {
            Add o => Sum(n, y, o.Activation, isSum: true),
            Sub o => Sum(n, y, o.Activation, isSum: false),
            Mul o => Product(n, y, o.Activation),
            AveragePool2D o => Average(n, y, o),
            Mean o => Mean(n, y, o),
            _ => false,
        };
    }

    // XNNPACK's: (a·ma + b·mb + half) >> shift.
    static bool Sum(NodeExport n, Value y, Activation activation, bool isSum)
    {
        (Quantization a, Quantization b) = (n.In(0).Quant!, n.In(1).Quant!);
        if (!Q8Fn.Add.Takes(a.Scale, b.Scale, y.Quant!.Scale))
        {
            return false;
        }

        var range = new Q8Output(y.Quant.Scale, 0, 0, 0);
        Q8Fn.Add fn = isSum
            ? Q8Fn.Add.Sum(a.Scale, 0, b.Scale, 0, range)
            : Q8Fn.Add.Difference(a.Scale, 0, b.Scale, 0, range);
        OnnxTensor[] x = Operands.Of(n, [0, 1], real: false, out bool first);
        OnnxTensor sum = n.Binary("Add",
            n.Binary("Mul", Centred(n, 0, x[0]), Whole(n, fn.MultiplierA)),
            n.Binary("Mul", Centred(n, 1, x[1]), Whole(n, fn.MultiplierB)));
        long unit = 1L << fn.Shift;
        sum = n.Binary("Add", sum, Whole(n, (unit / 2) + (Turns * unit)));
        OnnxTensor steps = n.Binary("Sub",
            n.Binary("Div", sum, Whole(n, unit)), Whole(n, Turns - y.Quant.ZeroPoint));
        Give(n, y, activation, first, steps);
        return true;
    }

    // XNNPACK's: the product of the integers times one fp32 scale, halves to even.
    static bool Product(NodeExport n, Value y, Activation activation)
    {
        (Quantization a, Quantization b) = (n.In(0).Quant!, n.In(1).Quant!);
        if (!Q8Fn.Mul.Takes(a.Scale, b.Scale, y.Quant!.Scale))
        {
            return false;
        }

        OnnxTensor[] x = Operands.Of(n, [0, 1], real: false, out bool first);
        OnnxTensor product = n.Cast(
            n.Binary("Mul", Centred(n, 0, x[0]), Centred(n, 1, x[1])), DType.Float32);
        OnnxTensor steps = n.Unary("Round", n.Binary("Mul", product,
            n.Number(DType.Float32, a.Scale * b.Scale / y.Quant.Scale)));
        steps = n.Binary("Add", n.Cast(steps, DType.Int64), Whole(n, y.Quant.ZeroPoint));
        Give(n, y, activation, first, steps);
        return true;
    }

    // Halves of the mean integer away from zero, over windows that all have as many pixels.
    static bool Average(NodeExport n, Value y, AveragePool2D op)
    {
        PoolWindow2D w = op.Window;
        if (w.PadTop + w.PadLeft + w.PadBottom + w.PadRight > 0)
        {
            return false;
        }

        int count = w.KernelHeight * w.KernelWidth;
        Shape first = Layouts.Permute(y.Shape, Layouts.ToFirst(4));
        OnnxTensor x = n.Cast(Plain(n, 0, n.RawFirst(0)), DType.Float32);
        OnnxTensor mean = n.Add(
            "AveragePool", DType.Float32, first, [x], PoolExports.Window(w));
        // A sum of few bytes: whole again after one rounding.
        OnnxTensor sum = n.Cast(n.Unary("Round", n.Binary(
            "Mul", mean, n.Number(DType.Float32, count))), DType.Int64);
        OnnxTensor half = n.Binary("Mul", n.Unary("Sign", sum), Whole(n, count / 2));
        Give(n, y, op.Activation, first: true,
            n.Binary("Div", n.Binary("Add", sum, half), Whole(n, count)));
        return true;
    }

    // rne(Σ · scale + zero) in fp32, each operation rounded.
    static bool Mean(NodeExport n, Value y, Mean op)
    {
        Shape x = n.In(0).Shape;
        int[] axes = [.. op.Axes.Axes.Select(a => a < 0 ? a + x.Rank : a)];
        int count = axes.Aggregate(1, (c, a) => c * x[a]);
        if (count == 0 || axes.Length == 0)
        {
            return false;
        }

        OnnxTensor sum = n.Reduce(
            "ReduceSum", Centred(n, 0, n.Raw(0)), axes, op.Axes.KeepDims);
        float scale = n.In(0).Quant!.Scale / y.Quant!.Scale / count;
        OnnxTensor steps = n.Binary(
            "Mul", n.Cast(sum, DType.Float32), n.Number(DType.Float32, scale));
        steps = n.Binary("Add", steps, n.Number(DType.Float32, y.Quant.ZeroPoint));
        Give(n, y, Activation.None, first: false, n.Cast(n.Unary("Round", steps), DType.Int64));
        return true;
    }

    static OnnxTensor Whole(NodeExport n, long value) => n.Number(DType.Int64, value);

    // The integers as the value's own type has them.
    static OnnxTensor Plain(NodeExport n, int i, OnnxTensor raw) =>
        Less(n, raw, UnsignedBytes.ZeroShift(n.In(i), raw.DType));

    static OnnxTensor Centred(NodeExport n, int i, OnnxTensor raw) => Less(
        n, raw, n.In(i).Quant!.ZeroPoint + UnsignedBytes.ZeroShift(n.In(i), raw.DType));

    static OnnxTensor Less(NodeExport n, OnnxTensor raw, int zero)
    {
        OnnxTensor whole = n.Cast(raw, DType.Int64);
        return zero == 0 ? whole : n.Binary("Sub", whole, Whole(n, zero));
    }

    static void Give(
        NodeExport n, Value y, Activation activation, bool first, OnnxTensor steps)
    {
        (int lo, int hi) = activation.Range(y.DType, y.Quant);
        DType stored = n.Scope.Stored(n.Node.Outputs[0]);
        int shift = UnsignedBytes.ZeroShift(y, stored);
        steps = shift == 0 ? steps : n.Binary("Add", steps, Whole(n, shift));
        n.Give(0, real: false, first, n.Cast(n.Clipped(steps, lo + shift, hi + shift), stored));
    }
}
