using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Normalisation of channels, rows and neighbourhoods; dropout.</summary>
static class NormalizeImports
{
    const int MostEven = 64;

    public static void Register(OnnxTable t)
    {
        t.Add("BatchNormalization", BatchNormImport.Import);
        t.Add("InstanceNormalization", n => ByChannel(n, new InstanceNorm(Epsilon(n))));
        t.Add("GroupNormalization", GroupNorm);
        t.Add("LayerNormalization", RowNormImports.LayerNorm);
        t.Add("RMSNormalization", RowNormImports.RmsNorm);
        t.Add("SimplifiedLayerNormalization", RowNormImports.RmsNorm);
        t.Add(OnnxTable.Microsoft, "SkipLayerNormalization", n => RowNormImports.Skip(n, false));
        t.Add(OnnxTable.Microsoft, "SkipSimplifiedLayerNormalization",
            n => RowNormImports.Skip(n, true));
        t.Add("LRN", LocalResponse);
        t.Add("LpNormalization", LpNorm);
        t.Add("MeanVarianceNormalization", MeanVariance);
        t.Add("Dropout", Dropout);
        SoftmaxImports.Register(t);
    }

    static float Epsilon(NodeImport n) => n.Float("epsilon", 1e-5f);

    // x, gamma and beta of [N, C, …].
    static void ByChannel(NodeImport n, Op op) => n.SetOutput(0, n.ChannelsFirst(n.Add(
        op, "normal", n.ChannelsLast(n.Input(0)), n.Input(1), n.Input(2))));

    // Before opset 21 gamma and beta are one a group.
    static void GroupNorm(NodeImport n)
    {
        int groups = n.Int("num_groups", 1);
        Shape x = n.ShapeOf(0);
        if (x.Rank < 2 || groups < 1 || x[1] % groups != 0)
        {
            throw n.Fail($"{x} does not fall into {groups} groups");
        }

        int y = n.Add(new GroupNorm(groups, Epsilon(n)), "normal",
            n.ChannelsLast(n.Input(0)), PerChannel(n, 1, x[1], groups),
            PerChannel(n, 2, x[1], groups));
        n.SetOutput(0, n.ChannelsFirst(y));
    }

    static int PerChannel(NodeImport n, int i, int channels, int groups)
    {
        if (n.ShapeOf(i).Elements == channels)
        {
            return n.Input(i);
        }

        int column = n.Reshape(n.Input(i), groups, 1);
        int spread = n.Add(
            new BroadcastTo([groups, channels / groups]), "spread", column);
        return n.Reshape(spread, channels);
    }

    // The window of an even size holds one more of the channels behind.
    static void LocalResponse(NodeImport n)
    {
        int size = n.Int("size", 1);
        float alpha = n.Float("alpha", 1e-4f);
        float beta = n.Float("beta", 0.75f);
        float bias = n.Float("bias", 1);
        if (size < 1 || n.ShapeOf(0).Rank < 2)
        {
            throw n.Fail($"a window of {size} channels of {n.ShapeOf(0)} is not one");
        }

        int x = n.ChannelsLast(n.Input(0));
        if (size % 2 == 1)
        {
            n.SetOutput(0, n.ChannelsFirst(n.Add(
                new LocalResponseNormalization(size / 2, bias, alpha / size, beta), "normal", x)));
            return;
        }

        int sum = EvenWindow(n, x, size);
        sum = n.Add(new Mul(Activation.None), "scaled", sum,
            n.Scalar("alpha", alpha / size, DType.Float32));
        sum = n.Add(new Add(Activation.None), "biased", sum,
            n.Scalar("bias", bias, DType.Float32));
        int scale = n.Add(new Pow(), "scale", sum, n.Scalar("beta", -beta, DType.Float32));
        n.SetOutput(0, n.ChannelsFirst(n.Add(new Mul(Activation.None), "normal", x, scale)));
    }

    // The sum of squares over a window: one shifted copy a channel of it.
    static int EvenWindow(NodeImport n, int x, int size)
    {
        if (size > MostEven)
        {
            throw n.Unsupported($"its window has {size} channels", "use an odd number of them");
        }

        Shape shape = n[x].Shape;
        int rank = shape.Rank;
        int before = (size - 1) / 2;
        int[] low = new int[rank];
        int[] high = new int[rank];
        low[^1] = Math.Min(before, shape[-1]);
        high[^1] = Math.Min(size - 1 - before, shape[-1]);
        int square = n.Add(new Square(), "square", x);
        int padded = n.Add(new Pad(low, high), "padded", square);
        int sum = -1;
        for (int k = 0; k <= low[^1] + high[^1]; k++)
        {
            int[] begin = new int[rank];
            begin[^1] = k;
            int part = n.Add(new Slice(begin, shape.ToArray()), $"part {k}", padded);
            sum = sum < 0 ? part : n.Add(new Add(Activation.None), $"sum {k}", sum, part);
        }

        return sum;
    }

    // 0 where the norm is.
    static void LpNorm(NodeImport n)
    {
        int axis = n.Axis(n.Long("axis", -1), n.ShapeOf(0).Rank);
        var axes = new ReduceAxes([axis], true);
        int norm = n.Add(
            n.Int("p", 2) == 1 ? new ReduceL1(axes) : new ReduceL2(axes), "norm", n.Input(0));
        int least = n.Scalar("least", 1e-37, DType.Float32);
        n.Emit(new Div(Activation.None), n.Input(0), n.Add(new Maximum(), "at least", norm, least));
    }

    static void MeanVariance(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank;
        int[] given = n.Ints("axes") ?? [0, 2, 3];
        var axes = new ReduceAxes([.. given.Select(a => n.Axis(a, rank)).Order()], true);
        int mean = n.Add(new Mean(axes), "mean", n.Input(0));
        int centred = n.Add(new Sub(Activation.None), "centred", n.Input(0), mean);
        int variance = n.Add(
            new Mean(axes), "variance", n.Add(new Square(), "square", centred));
        int deviation = n.Add(new Add(Activation.None), "deviation",
            n.Add(new Sqrt(), "root", variance), n.Scalar("epsilon", 1e-9, DType.Float32));
        n.Emit(new Div(Activation.None), centred, deviation);
    }

    // Without training it passes everything on.
    static void Dropout(NodeImport n)
    {
        bool training = n.Opset >= 12 && n.Has(2)
            && (n.Known(2) ?? throw n.Unsupported("whether it trains depends on data",
                "export the model for inference")).Span[0] != 0;
        float ratio = !training ? 0 : n.Has(1) ? n.Floats(1, "ratio")[0] : 0.5f;
        if (ratio != 0)
        {
            throw n.Unsupported("it drops elements by chance", "export the model for inference");
        }

        n.SetOutput(0, n.Operand(0));
        if (n.Wants(1))
        {
            DType type = n.Opset >= 10 ? DType.Bool : n.In(0).DType;
            int one = n.Scalar("kept", 1, type);
            n.SetOutput(1, n.Add(new BroadcastTo(n.ShapeOf(0).ToArray()), "mask", one));
        }
    }
}
