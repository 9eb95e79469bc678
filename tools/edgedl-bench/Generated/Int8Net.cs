using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Bench.Generated;

/// <summary>
/// An fp32 net of <see cref="NetWriter"/> in int8 as TensorFlow Lite has it: int8 activations of
/// the range that they have on a random image, int8 weights with a scale an output channel, int32
/// biases.
/// </summary>
static class Int8Net
{
    /// <summary>The int8 form; the fp32 net is as it was afterwards.</summary>
    public static Model Of(Model net)
    {
        Graph from = net.Main;
        Quantization[] quants = Calibrated(net);
        var builder = new GraphBuilder(from.Name);
        var places = new Dictionary<int, int>();
        foreach (int input in from.Inputs)
        {
            Value v = from.Values[input];
            places[input] = builder.Input(v.Name, DType.Int8, v.Shape, quants[input]);
        }

        foreach (Node node in from.Nodes)
        {
            int y = node.Outputs[0];
            int x = node.Inputs[0];
            int[] inputs = node.Op is Conv2D or DepthwiseConv2D or FullyConnected
                ? Operands(builder, from, node, places[x], quants[x].Scale)
                : Array.ConvertAll(node.Inputs, i => places[i]);

            // Averages and reshapes keep the quantization of what they read.
            quants[y] = node.Op switch
            {
                AveragePool2D or Reshape => quants[x],
                Softmax => new Quantization(1 / 256f, -128),
                _ => quants[y],
            };
            places[y] = builder.Node(node.Op, node.Name, inputs, quants[y]);
        }

        from.Outputs.ForEach(o => builder.Output(places[o]));
        return builder.Model;
    }

    static int[] Operands(GraphBuilder builder, Graph from, Node node, int x, float scale)
    {
        Value weights = from.Values[node.Inputs[1]];
        Value bias = from.Values[node.Inputs[2]];
        int axis = node.Op is DepthwiseConv2D ? weights.Shape.Rank - 1 : 0;
        float[] scales = Scales(weights, axis);
        var steps = new sbyte[weights.Shape.Elements];
        ReadOnlySpan<float> reals = weights.Constant!.As<float>();
        for (int i = 0; i < steps.Length; i++)
        {
            float s = scales[Channel(weights.Shape, axis, i)];
            steps[i] = (sbyte)Math.Clamp(MathF.Round(reals[i] / s), -127, 127);
        }

        float[] products = Array.ConvertAll(scales, s => s * scale);
        var biases = new int[scales.Length];
        for (int i = 0; i < biases.Length; i++)
        {
            biases[i] = (int)MathF.Round(bias.Constant!.As<float>()[i] / products[i]);
        }

        return
        [
            x,
            builder.Constant<sbyte>(
                weights.Name, weights.Shape, steps, new Quantization(scales, [0], axis)),
            builder.Constant<int>(
                bias.Name, bias.Shape, biases, new Quantization(products, [0], axis: 0)),
        ];
    }

    static float[] Scales(Value weights, int axis)
    {
        var largest = new float[weights.Shape[axis]];
        ReadOnlySpan<float> reals = weights.Constant!.As<float>();
        for (int i = 0; i < weights.Shape.Elements; i++)
        {
            ref float most = ref largest[Channel(weights.Shape, axis, i)];
            most = MathF.Max(most, MathF.Abs(reals[i]));
        }

        return Array.ConvertAll(largest, most => MathF.Max(most, 1e-6f) / 127);
    }

    static int Channel(in Shape shape, int axis, int i) =>
        i / shape.Product(axis + 1, shape.Rank) % shape[axis];

    // Every activation's range on one random image; constants stay empty.
    static Quantization[] Calibrated(Model net)
    {
        Graph main = net.Main;
        int[] outputs = [.. main.Outputs];
        int[] seen = [.. main.Nodes.Select(n => n.Outputs[0])];
        var quants = new Quantization[main.Values.Count];
        main.Outputs.Clear();
        main.Outputs.AddRange(seen);
        net.Plan = null;
        using (var session = new Session(net))
        {
            var random = new Random(1);
            foreach (ref float value in session.Input(0).AsSpan<float>())
            {
                value = (random.NextSingle() * 2) - 1;
            }

            session.Run();
            for (int i = 0; i < seen.Length; i++)
            {
                quants[seen[i]] = Range(session.Output(i).AsSpan<float>());
            }
        }

        quants[main.Inputs[0]] = Range([-1, 1]);
        main.Outputs.Clear();
        main.Outputs.AddRange(outputs);
        net.Plan = null;
        return quants;
    }

    static Quantization Range(ReadOnlySpan<float> values)
    {
        float low = 0;
        float high = 1e-3f;
        foreach (float value in values)
        {
            low = MathF.Min(low, value);
            high = MathF.Max(high, value);
        }

        float scale = (high - low) / 255;
        return new Quantization(scale, (int)MathF.Round(-128 - (low / scale)));
    }
}
