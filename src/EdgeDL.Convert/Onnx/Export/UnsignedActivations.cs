using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>
/// int8 activations as uint8 of the same reals: q + 128 with zero point + 128. x64 processors
/// multiply uint8 by int8.
/// </summary>
static class UnsignedActivations
{
    const int Shift = 128;

    /// <summary>A copy that shares nodes and weights with the model.</summary>
    public static Model Of(Model model)
    {
        if (model.Graphs.Count > 1 || model.Variables.Count > 0)
        {
            return model;
        }

        Graph main = model.Main;
        HashSet<int> weights = [.. main.Nodes.Where(TakesWeights).Select(n => n.Inputs[1])];
        var shifted = new Graph(main.Name);
        shifted.Values.AddRange(main.Values.Select(
            (v, i) => weights.Contains(i) ? v : Shifted(v)));
        shifted.Nodes.AddRange(main.Nodes);
        shifted.Inputs.AddRange(main.Inputs);
        shifted.Outputs.AddRange(main.Outputs);
        var copy = new Model();
        copy.Graphs.Add(shifted);
        copy.Labels.AddRange(model.Labels);
        copy.Preprocessing.AddRange(model.Preprocessing);
        foreach ((string key, string value) in model.Metadata)
        {
            copy.Metadata[key] = value;
        }

        return copy;
    }

    static bool TakesWeights(Node node) => node.Op is Conv2D or DepthwiseConv2D or Conv3D
        or TransposeConv or Conv3DTranspose or FullyConnected;

    static Value Shifted(Value v)
    {
        if (v.DType != DType.Int8 || v.Quant is not { IsPerTensor: true } quant)
        {
            return v;
        }

        return new Value
        {
            Name = v.Name,
            DType = DType.UInt8,
            Shape = v.Shape,
            Quant = quant.Shifted(Shift),
            Constant = v.Constant is { } constant ? Flipped(constant.Span) : null,
        };
    }

    static Constant Flipped(ReadOnlySpan<byte> bytes)
    {
        byte[] flipped = bytes.ToArray();
        foreach (ref byte b in flipped.AsSpan())
        {
            b ^= Shift;
        }

        return Constant.Copy(flipped.AsSpan());
    }
}
