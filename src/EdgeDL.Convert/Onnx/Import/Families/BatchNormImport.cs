using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Batch normalisation, with stored statistics or with the batch's own.</summary>
static class BatchNormImport
{
    public static void Import(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        if (x.Rank < 2)
        {
            throw n.Fail($"it takes [batch, channels, …], gets {x}");
        }

        int mean = n.Input(3);
        int variance = n.Input(4);
        if (n.Opset >= 14 && n.Flag("training_mode"))
        {
            var axes = new ReduceAxes(
                [.. Enumerable.Range(0, x.Rank).Where(a => a != 1)], true);
            int own = n.Add(new Mean(axes), "mean", n.Input(0));
            int centred = n.Add(new Sub(Activation.None), "centred", n.Input(0), own);
            int spread = n.Add(
                new Mean(axes), "variance", n.Add(new Square(), "square", centred));
            own = n.Reshape(own, x[1]);
            spread = n.Reshape(spread, x[1]);
            n.SetOutput(1, Running(n, mean, own, "running mean"));
            n.SetOutput(2, Running(n, variance, spread, "running variance"));
            (mean, variance) = (own, spread);
        }

        int y = n.Add(
            new BatchNorm(n.Float("epsilon", 1e-5f)), "normal", n.ChannelsLast(n.Input(0)),
            n.Input(1), n.Input(2), mean, variance);
        n.SetOutput(0, n.ChannelsFirst(y));
    }

    static int Running(NodeImport n, int before, int now, string name)
    {
        float momentum = n.Float("momentum", 0.9f);
        int old = n.Add(new Mul(Activation.None), $"old {name}", before,
            n.Scalar("momentum", momentum, DType.Float32));
        int part = n.Add(new Mul(Activation.None), $"new {name}", now,
            n.Scalar("rest", 1 - momentum, DType.Float32));
        return n.Add(new Add(Activation.None), name, old, part);
    }
}
