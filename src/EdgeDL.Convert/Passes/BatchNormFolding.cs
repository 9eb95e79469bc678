using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// Folds y = m·x + a, a channel at a time, into the fp32 convolution or fully connected layer
/// that gives x: weights are scaled by m, the bias becomes m·bias + a. Reads a batch norm, and
/// multiplications, additions and subtractions of constants.
/// </summary>
sealed class BatchNormFolding : IPass
{
    public string Name => "batch-norm-folding";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Op is Mul or Add && graph.IsConstant(node.Inputs[0]))
            {
                graph.Rewire(node, node.Op, node.Inputs[1], node.Inputs[0]);
            }

            if (node.Inputs.Length >= 2 && graph.Maker(node.Inputs[0]) is { } maker
                && CanFold(graph, maker, node) && Affine.Of(graph, node) is { } affine)
            {
                Fold(graph, maker, node, affine);
                did($"folded {node} into {maker}");
            }
        }
    }

    static bool CanFold(GraphEdit graph, Node maker, Node node) =>
        maker.Op is Conv2D or DepthwiseConv2D or FullyConnected or TransposeConv
        && FusedOps.Of(maker.Op) == Activation.None
        && graph.OnlyReader(maker.Outputs[0]) == node
        && graph.Value(maker.Outputs[0]).Shape == graph.Value(node.Outputs[0]).Shape
        && IsFloatConstant(graph, maker.Inputs[1])
        && (maker.Inputs.Length < 3 || maker.Inputs[2] < 0
            || IsFloatConstant(graph, maker.Inputs[2]));

    static bool IsFloatConstant(GraphEdit graph, int value) =>
        graph.IsConstant(value) && graph.Value(value).DType == DType.Float32;

    static void Fold(GraphEdit graph, Node maker, Node node, Affine affine)
    {
        Value weights = graph.Value(maker.Inputs[1]);
        float[] w = [.. weights.Constant!.As<float>()[..weights.Shape.Elements]];
        int channels = graph.Value(maker.Outputs[0]).Shape[-1];
        bool isInnermost = maker.Op is DepthwiseConv2D;
        int each = w.Length / channels;
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= affine.Scale(isInnermost ? i % channels : i / each);
        }

        float[] bias = new float[channels];
        bool hasBias = maker.Inputs.Length > 2 && maker.Inputs[2] >= 0;
        for (int c = 0; c < channels; c++)
        {
            float old = hasBias ? graph.Value(maker.Inputs[2]).Constant!.As<float>()[c] : 0;
            bias[c] = old * affine.Scale(c) + affine.Offset(c);
        }

        int newWeights = graph.AddConstant(weights.Name, DType.Float32, weights.Shape,
            Constant.Copy<float>(w), quant: null);
        int newBias = graph.AddConstant($"{maker.Name}/bias", DType.Float32, new Shape(channels),
            Constant.Copy<float>(bias), quant: null);
        Op op = FusedOps.With(maker.Op, FusedOps.Of(node.Op) ?? Activation.None);
        graph.Absorb(maker, node);
        graph.Rewire(maker, op, maker.Inputs[0], newWeights, newBias);
    }
}

/// <summary>y = scale·x + offset with one pair for all channels or one each.</summary>
sealed class Affine
{
    readonly float[] scale;
    readonly float[] offset;

    Affine(float[] scale, float[] offset)
    {
        this.scale = scale;
        this.offset = offset;
    }

    public float Scale(int channel) => scale[scale.Length == 1 ? 0 : channel];

    public float Offset(int channel) => offset[offset.Length == 1 ? 0 : channel];

    /// <summary>What a node does to its first input; null if it is nothing of the kind.</summary>
    public static Affine? Of(GraphEdit graph, Node node)
    {
        if (node.Op is BatchNorm norm)
        {
            return OfBatchNorm(graph, node, norm.Epsilon);
        }

        if (node.Inputs.Length != 2 || Channels(graph, node, 1) is not { } c)
        {
            return null;
        }

        return node.Op switch
        {
            Mul => new Affine(c, [0]),
            Add => new Affine([1], c),
            Sub => new Affine([1], Array.ConvertAll(c, v => -v)),
            _ => null,
        };
    }

    static Affine? OfBatchNorm(GraphEdit graph, Node node, float epsilon)
    {
        if (Channels(graph, node, 1) is not { } gamma || Channels(graph, node, 2) is not { } beta
            || Channels(graph, node, 3) is not { } mean
            || Channels(graph, node, 4) is not { } variance)
        {
            return null;
        }

        var scale = new float[gamma.Length];
        var offset = new float[gamma.Length];
        for (int c = 0; c < scale.Length; c++)
        {
            double s = gamma[c] / Math.Sqrt((double)variance[c] + epsilon);
            scale[c] = (float)s;
            offset[c] = (float)(beta[c] - mean[c] * s);
        }

        return new Affine(scale, offset);
    }

    // A float constant of one element, or of one along the last axis.
    static float[]? Channels(GraphEdit graph, Node node, int input)
    {
        Value value = graph.Value(node.Inputs[input]);
        int channels = graph.Value(node.Outputs[0]).Shape[-1];
        bool fits = value.Shape.Elements == 1
            || (value.Shape.Elements == channels && value.Shape[-1] == channels);
        return fits && value.DType == DType.Float32 && value.Constant is { } constant
            ? [.. constant.As<float>()[..value.Shape.Elements]]
            : null;
    }
}
