using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Normalisations.</summary>
static class NormalizeExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.BatchNorm] = Batch;
        table[OpCode.InstanceNorm] = n => Instance(n, n.Op<InstanceNorm>().Epsilon);
        table[OpCode.GroupNorm] = Group;
        table[OpCode.LayerNorm] = Layer;
        table[OpCode.RmsNorm] = Rms;
        table[OpCode.L2Normalization] = Euclid;
        table[OpCode.LocalResponseNormalization] = LocalResponse;
    }

    static void Batch(NodeExport n)
    {
        Shape x = n.In(0).Shape;
        var channels = new Shape(x[-1]);
        OnnxTensor[] parameters =
            [.. Enumerable.Range(1, 4).Select(i => n.Reshape(n.Real(i), channels))];
        AttributesAndGive(n, "BatchNormalization", parameters, n.Op<BatchNorm>().Epsilon);
    }

    static void Instance(NodeExport n, float epsilon)
    {
        int channels = n.In(0).Shape[-1];
        AttributesAndGive(n, "InstanceNormalization",
            [Parameter(n, 1, channels, 1), Parameter(n, 2, channels, 0)], epsilon);
    }

    // Ranks below 3 are channels last and first at once.
    static void AttributesAndGive(
        NodeExport n, string type, OnnxTensor[] parameters, float epsilon)
    {
        int rank = n.In(0).Shape.Rank;
        if (rank >= 3)
        {
            OnnxTensor x = n.RealFirst(0);
            n.GiveFirst(0, n.Like(
                type, x, [x, .. parameters], Attribute.Of("epsilon", epsilon)));
            return;
        }

        OnnxTensor plain = n.Real(0);
        int channels = plain.Shape.Rank == 0 ? 1 : plain.Shape[-1];
        var wide = new Shape(plain.Shape.Elements / channels, channels, 1);
        OnnxTensor from = n.Reshape(plain, wide);
        OnnxTensor y = n.Like(type, from, [from, .. parameters],
            Attribute.Of("epsilon", epsilon));
        n.Give(0, n.Reshape(y, plain.Shape));
    }

    static OnnxTensor Parameter(NodeExport n, int i, int count, float missing)
    {
        if (n.Has(i))
        {
            return n.Reshape(n.Real(i), new Shape(count));
        }

        var same = new float[count];
        Array.Fill(same, missing);
        return n.Constant<float>("parameter", new Shape(count), same);
    }

    // The groups become the channels of an instance normalisation.
    static void Group(NodeExport n)
    {
        var op = n.Op<GroupNorm>();
        OnnxTensor x = n.RealFirst(0);
        int channels = x.Shape[1];
        var grouped = new Shape(
            x.Shape[0], op.Groups, x.Shape.Elements / Math.Max(1, x.Shape[0] * op.Groups));
        var ones = new float[op.Groups];
        Array.Fill(ones, 1f);
        OnnxTensor g = n.Reshape(x, grouped);
        OnnxTensor y = n.Like(
            "InstanceNormalization", g,
            [
                g, n.Constant<float>("ones", new Shape(op.Groups), ones),
                n.Constant<float>("zeros", new Shape(op.Groups), new float[op.Groups]),
            ],
            Attribute.Of("epsilon", op.Epsilon));
        y = n.Reshape(y, x.Shape);
        int[] tail = [.. Enumerable.Repeat(1, x.Shape.Rank - 2)];
        var wide = new Shape([channels, .. tail]);
        y = n.Has(1) ? n.Binary("Mul", y, n.Reshape(n.Real(1), wide)) : y;
        y = n.Has(2) ? n.Binary("Add", y, n.Reshape(n.Real(2), wide)) : y;
        n.GiveFirst(0, y);
    }

    static void Layer(NodeExport n)
    {
        var op = n.Op<LayerNorm>();
        OnnxTensor x = n.Real(0);
        var row = new Shape(x.Shape.Dims[op.Axis..]);
        OnnxTensor gamma = n.Reshape(Parameter(n, 1, row.Elements, 1), row);
        OnnxTensor? beta = n.Has(2) ? n.Reshape(n.Real(2), row) : null;
        n.Give(0, n.Like(
            "LayerNormalization", x, [x, gamma, beta], Attribute.Of("axis", (long)op.Axis),
            Attribute.Of("epsilon", op.Epsilon)));
    }

    static void Rms(NodeExport n)
    {
        var op = n.Op<RmsNorm>();
        OnnxTensor x = n.Real(0);
        int[] axes = [.. Enumerable.Range(op.Axis, x.Shape.Rank - op.Axis)];
        OnnxTensor mean = n.Reduce("ReduceMean", n.Binary("Mul", x, x), axes, keepDims: true);
        OnnxTensor root = n.Unary(
            "Sqrt", n.Binary("Add", mean, n.Number(DType.Float32, op.Epsilon)));
        OnnxTensor y = n.Binary("Div", x, root);
        n.Give(0, n.Has(1)
            ? n.Binary("Mul", y, n.Reshape(n.Real(1), new Shape(x.Shape.Dims[op.Axis..]))) : y);
    }

    static void Euclid(NodeExport n)
    {
        OnnxTensor x = n.Real(0);
        OnnxTensor sum = n.Reduce(
            "ReduceSum", n.Binary("Mul", x, x), [x.Shape.Rank - 1], keepDims: true);
        OnnxTensor least = n.Number(DType.Float32, 1e-12);
        n.Give(0, n.Binary("Div", x, n.Unary("Sqrt", n.Binary("Max", sum, least))));
    }

    static void LocalResponse(NodeExport n)
    {
        var op = n.Op<LocalResponseNormalization>();
        int size = checked((2 * Math.Min(op.Radius, n.In(0).Shape[-1])) + 1);
        int rank = n.In(0).Shape.Rank;
        if (rank < 3)
        {
            throw new NoEquivalentException("LRN takes at least 3 axes");
        }

        OnnxTensor x = n.RealFirst(0);
        n.GiveFirst(0, n.Like(
            "LRN", x, [x], Attribute.Of("size", (long)size),
            Attribute.Of("alpha", op.Alpha * size), Attribute.Of("beta", op.Beta),
            Attribute.Of("bias", op.Bias)));
    }
}
