using EdgeDL.Convert.Passes.Layout;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>
/// Takes transpositions through reshapes, gathers and joins, so that those before and behind a
/// channel shuffle meet and cancel. What is taken through stands beside the original; the writer
/// leaves out what nobody reads.
/// </summary>
sealed class TransposeSinking
{
    /// <summary>A tensor of which another is a transposition: from = transpose(it, perm).</summary>
    readonly record struct Source(OnnxTensor From, int[] Perm);

    readonly OnnxBody body;
    readonly List<OnnxNode> nodes = [];
    readonly Dictionary<OnnxTensor, Source> sources = [];
    readonly Dictionary<OnnxTensor, OnnxTensor> same = [];

    TransposeSinking(OnnxBody body) => this.body = body;

    /// <summary>Rewrites the nodes of a graph.</summary>
    public static void Run(OnnxBody body)
    {
        var sinking = new TransposeSinking(body);
        foreach (OnnxNode node in body.Nodes)
        {
            sinking.Visit(node);
        }

        body.Nodes.Clear();
        body.Nodes.AddRange(sinking.nodes);
    }

    void Visit(OnnxNode node)
    {
        node = node with
        {
            Inputs = [.. node.Inputs.Select(
                i => i is not null && same.TryGetValue(i, out OnnxTensor? other) ? other : i)],
        };
        nodes.Add(node);
        if (node.Domain.Length > 0 || node.Outputs is not [{ HasShape: true }])
        {
            return;
        }

        switch (node.Type)
        {
            case "Transpose":
                Transpose(node);
                break;
            case "Reshape" when Find(node.Inputs[0]) is { } source:
                Reshape(node, source);
                break;
            case "Gather" when Find(node.Inputs[0]) is { } source
                && node.Inputs[1]!.Shape.Rank < 2:
                Gather(node, source);
                break;
            case "Concat":
                Concat(node);
                break;
        }
    }

    Source? Find(OnnxTensor? tensor) =>
        tensor is not null && sources.TryGetValue(tensor, out Source source) ? source : null;

    void Transpose(OnnxNode node)
    {
        OnnxTensor x = node.Inputs[0]!;
        OnnxTensor y = node.Outputs[0];
        int[] perm = [.. node.Attributes.Single(a => a.Name == "perm").Ints.Select(i => (int)i)];
        if (Find(x) is not { } source)
        {
            sources[y] = new Source(x, Permutation.Inverse(perm));
            return;
        }

        int[] total = Permutation.Compose(Permutation.Inverse(source.Perm), perm);
        if (Permutation.KeepsOrder(total, source.From.Shape))
        {
            if (!body.Outputs.Contains(y))
            {
                same[y] = Shaped(source.From, y.Shape);
            }

            return;
        }

        nodes[^1] = node with
        {
            Inputs = [source.From], Attributes = [Attribute.Of("perm", total)],
        };
        sources[y] = new Source(source.From, Permutation.Inverse(total));
    }

    void Reshape(OnnxNode node, Source source)
    {
        OnnxTensor y = node.Outputs[0];
        if (ReshapeAxes.Through(node.Inputs[0]!.Shape, source.Perm, y.Shape) is { } perm)
        {
            sources[y] = new Source(
                Shaped(source.From, Permutation.Apply(perm, y.Shape)), perm);
        }
    }

    void Gather(OnnxNode node, Source source)
    {
        OnnxTensor y = node.Outputs[0];
        int gone = Axis(node);
        int axis = Array.IndexOf(source.Perm, gone);

        // One index takes its axis away.
        int[] perm = node.Inputs[1]!.Shape.Rank == 1
            ? source.Perm
            : [.. source.Perm.Where(d => d != gone).Select(d => d > gone ? d - 1 : d)];
        sources[y] = new Source(
            Add(node, [source.From, node.Inputs[1]], Permutation.Apply(perm, y.Shape), axis),
            perm);
    }

    // All parts must lie in the same order.
    void Concat(OnnxNode node)
    {
        OnnxTensor y = node.Outputs[0];
        if (Find(node.Inputs[0]) is not { } first)
        {
            return;
        }

        var parts = new List<OnnxTensor>();
        foreach (OnnxTensor? x in node.Inputs)
        {
            if (Find(x) is not { } source
                || !Permutation.SameOrder(source.Perm, first.Perm, x!.Shape))
            {
                return;
            }

            parts.Add(Shaped(source.From, Permutation.Apply(first.Perm, x!.Shape)));
        }

        int axis = Array.IndexOf(first.Perm, Axis(node));
        sources[y] = new Source(
            Add(node, [.. parts], Permutation.Apply(first.Perm, y.Shape), axis), first.Perm);
    }

    static int Axis(OnnxNode node) => (int)node.Attributes.Single(a => a.Name == "axis").I;

    OnnxTensor Shaped(OnnxTensor x, in Shape shape)
    {
        if (x.Shape == shape)
        {
            return x;
        }

        long[] dims = [.. shape.ToArray().Select(d => (long)d)];
        OnnxTensor extents = Constants.Of<long>(
            $"{x.Hint}_shape", new Shape(dims.Length), dims);
        body.Constants.Add(extents);
        var y = new OnnxTensor($"{x.Hint}_moved", x.DType, shape);
        nodes.Add(new OnnxNode("Reshape", $"{x.Hint}/moved", [x, extents], [y], [], []));
        return y;
    }

    OnnxTensor Add(OnnxNode node, OnnxTensor?[] inputs, in Shape shape, int axis)
    {
        OnnxTensor y = node.Outputs[0];
        var moved = new OnnxTensor($"{y.Hint}_moved", y.DType, shape);
        AttributeProto[] attributes = [Attribute.Of("axis", (long)axis)];
        nodes.Add(new OnnxNode(
            node.Type, $"{node.Name}/moved", inputs, [moved], attributes, []));
        return moved;
    }
}
