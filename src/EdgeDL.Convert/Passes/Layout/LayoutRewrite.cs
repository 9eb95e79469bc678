using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>
/// Lets the chosen nodes of a region work on permuted tensors, with transposes at its edges. The
/// transposes that this leaves in a row are joined by <see cref="TransposeJoining"/>.
/// </summary>
sealed class LayoutRewrite
{
    readonly GraphEdit graph;
    readonly LayoutRegion region;
    readonly Dictionary<(int Value, string Perm), int> permuted = [];

    LayoutRewrite(GraphEdit graph, LayoutRegion region)
    {
        this.graph = graph;
        this.region = region;
    }

    /// <summary>Returns how many nodes were rewritten.</summary>
    public static int Run(GraphEdit graph, LayoutRegion region, LayoutCut cut)
    {
        var rewrite = new LayoutRewrite(graph, region);
        Node[] chosen = [.. graph.Nodes.Where(
            n => region.Plans.ContainsKey(n) && cut.IsPermuted(n))];
        foreach (Node node in chosen)
        {
            rewrite.Apply(node, region.Plans[node]);
        }

        return chosen.Length;
    }

    void Apply(Node node, Relayout plan)
    {
        Shape flattened = graph.Value(node.Inputs[0]).Shape;
        int[] inputs = (int[])node.Inputs.Clone();
        for (int i = 0; i < inputs.Length; i++)
        {
            if (plan.Inputs[i] is { } perm)
            {
                inputs[i] = Permuted(node, node.Inputs[i], perm);
            }
        }

        graph.Rewire(node, plan.Op, inputs);
        foreach (Node layer in plan.Absorbers)
        {
            Flattening.Absorb(graph, layer, flattened, plan.Inputs[0]!);
        }

        int[] outputs = (int[])node.Outputs.Clone();
        var after = new List<(int Old, int New, int[] Perm)>();
        for (int o = 0; o < outputs.Length; o++)
        {
            if (plan.Outputs[o] is { } perm)
            {
                Value old = graph.Value(outputs[o]);
                int own = graph.AddValue(old.Name, old.DType,
                    Permutation.Apply(perm, old.Shape), Permutation.Apply(perm, old.Quant));
                after.Add((outputs[o], own, perm));
                outputs[o] = own;
            }
        }

        graph.Redirect(node, outputs);
        foreach ((int old, int own, int[] perm) in after)
        {
            permuted[(old, Key(perm))] = own;
            graph.InsertAfter(node, new Node(
                $"{graph.Value(old).Name}/transpose", new Transpose(Permutation.Inverse(perm)),
                [own], [old]));
        }
    }

    // The value permuted, made before the node that needs it first.
    int Permuted(Node node, int value, int[] perm)
    {
        if (permuted.TryGetValue((value, Key(perm)), out int known))
        {
            return known;
        }

        Value x = graph.Value(value);
        int[] ones = [.. Enumerable.Repeat(1, perm.Length - x.Shape.Rank)];
        var risen = new Shape([.. ones, .. x.Shape.Dims]);
        Shape shape = Permutation.Apply(perm, risen);
        Quantization? quant = Permutation.Apply(perm, x.Quant);
        int result;
        if (x.Constant is { } constant)
        {
            Constant bytes = Permutation.KeepsOrder(perm, risen)
                ? constant
                : ConstantMoves.Transpose(constant, x.DType, risen, perm);
            result = graph.AddConstant(x.Name, x.DType, shape, bytes, quant);
        }
        else if (Near(value, perm) is { } near)
        {
            result = graph.AddValue(x.Name, x.DType, shape, quant);
            graph.InsertBefore(node, new Node(
                $"{x.Name}/reshape", new Reshape(shape.ToArray()), [near], [result]));
        }
        else
        {
            result = graph.AddValue(x.Name, x.DType, shape, quant);
            Op op = ones.Length > 0 ? new Reshape(shape.ToArray()) : new Transpose(perm);
            graph.InsertBefore(node, new Node($"{x.Name}/transpose", op, [value], [result]));
        }

        permuted[(value, Key(perm))] = result;
        return result;
    }

    // The value in the same order of elements under another place of its axes of extent 1.
    int? Near(int value, int[] perm) =>
        region.Perms.TryGetValue(value, out int[]? known)
            && permuted.TryGetValue((value, Key(known)), out int made)
            && perm.Length == known.Length
            && Permutation.SameOrder(known, perm, graph.Value(value).Shape)
            ? made
            : null;

    static string Key(int[] perm) => string.Join(',', perm);
}
