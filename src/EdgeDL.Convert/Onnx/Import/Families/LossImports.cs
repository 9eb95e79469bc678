using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Losses over classes along axis 1.</summary>
static class LossImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("NegativeLogLikelihoodLoss", n => n.SetOutput(0, Likelihood(n, n.Input(0))));
        t.Add("SoftmaxCrossEntropyLoss", CrossEntropy);
    }

    static void CrossEntropy(NodeImport n)
    {
        if (n.ShapeOf(0).Rank < 2)
        {
            throw n.Fail($"it takes [batch, classes, …], gets {n.ShapeOf(0)}");
        }

        int log = n.Add(new LogSoftmax(1), "log", n.Input(0));
        n.SetOutput(1, log);
        n.SetOutput(0, Likelihood(n, log));
    }

    // −w[t]·x[t], where w is 1 if left out and 0 for the class that is ignored; the mean is that
    // over the sum of the weights.
    static int Likelihood(NodeImport n, int x)
    {
        Shape shape = n[x].Shape;
        Shape target = n.ShapeOf(1);
        if (shape.Rank < 2 || target.Rank != shape.Rank - 1)
        {
            throw n.Fail($"classes {target} don't fit {shape}");
        }

        int index = n.Input(1);
        int ignored = -1;
        if (n.HasAttribute("ignore_index"))
        {
            DType type = n[index].DType;
            int which = n.Scalar("ignored", n.Long("ignore_index", 0), type);
            ignored = n.Add(new Equal(), "is ignored", index, which);
            index = n.Add(
                new Select(), "class", ignored, n.Scalar("first", 0, type), index);
        }

        int column = n.Reshape(index, [target[0], 1, .. target.Dims[1..]]);
        int chosen = n.Add(new GatherElements(1), "chosen", x, column);
        int loss = n.Add(new Neg(), "loss", n.Reshape(chosen, target.ToArray()));
        int weight = n.Has(2) ? n.Add(new Gather(0, 0), "weight", n.Input(2), index) : -1;
        loss = weight < 0 ? loss
            : n.Add(new Mul(Activation.None), "weighted", loss, weight);
        if (ignored >= 0)
        {
            int zero = n.Scalar("zero", 0, DType.Float32);
            loss = n.Add(new Select(), "kept", ignored, zero, loss);
            weight = weight >= 0 ? weight : n.Scalar("one", 1, DType.Float32);
            weight = n.Add(new Select(), "kept weight", ignored, zero, weight);
        }

        return Reduce(n, loss, weight);
    }

    static int Reduce(NodeImport n, int loss, int weight)
    {
        var all = new ReduceAxes([.. Enumerable.Range(0, n[loss].Shape.Rank)], false);
        return (n.Text("reduction", "mean"), weight) switch
        {
            ("none", _) => loss,
            ("sum", _) => n.Add(new Sum(all), "sum", loss),
            ("mean", < 0) => n.Add(new Mean(all), "mean", loss),
            ("mean", _) => n.Add(new Div(Activation.None), "mean",
                n.Add(new Sum(all), "sum", loss), n.Add(new Sum(all), "weights", weight)),
            (string other, _) => throw n.Fail($"there is no reduction '{other}'"),
        };
    }
}
