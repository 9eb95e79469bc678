using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>Ops that move elements, on permuted tensors.</summary>
static class MoveRules
{
    public static Relayout? Find(GraphEdit graph, Node node, Shape x, int[] perm)
    {
        switch (node.Op)
        {
            case Reshape:
                Shape y = graph.Value(node.Outputs[0]).Shape;
                return ReshapeAxes.Through(x, perm, y) is { } through
                    ? new Relayout(new Reshape(Permutation.Apply(through, y.Dims)), [perm],
                        [through])
                    : null;
            case Concat o:
                return Same(node, new Concat(perm.IndexOf(o.Axis)), perm, node.Inputs.Length);
            case Split o:
                return Same(node, new Split(perm.IndexOf(o.Axis), o.Extents.ToArray()), perm, 1);
            case Slice o:
                return Same(node, new Slice(
                    Permutation.Apply(perm, o.Begin), Permutation.Apply(perm, o.Size)), perm, 1);
            case Pad o:
                return Same(node, new Pad(
                    Permutation.Apply(perm, o.Before), Permutation.Apply(perm, o.After)), perm, 1);
            case MirrorPad o:
                return Same(node, new MirrorPad(
                    Permutation.Apply(perm, o.Before), Permutation.Apply(perm, o.After),
                    o.Symmetric), perm, 1);
            case Tile o when o.Repeats.Length == perm.Length:
                return Same(node, new Tile(Permutation.Apply(perm, o.Repeats)), perm, 1);
            case Resize o:
                ResizedAxis[] resized = Array.ConvertAll(
                    o.Axes.ToArray(), a => a with { Axis = perm.IndexOf(a.Axis) });
                return Same(node, new Resize(o.Rule, o.Extrapolation, resized), perm, 1);
            case Reverse o:
                int[] axes = [.. o.Axes.ToArray().Select(a => perm.IndexOf(a)).Order()];
                return Same(node, new Reverse(axes), perm, 1);
            case BroadcastTo o when o.Dims.Length == x.Rank:
                return Same(node, new BroadcastTo(Permutation.Apply(perm, o.Dims)), perm, 1);
            case StridedSlice o:
                return Strided(o, perm);
            case Gather { BatchDims: 0 } o:
                return Gathered(o, graph.Value(node.Inputs[1]).Shape.Rank, perm);
            case Unpack o:
                int[] without = Without(perm, o.Axis);
                int[][] pieces = [.. node.Outputs.Select(_ => without)];
                return new Relayout(new Unpack(perm.IndexOf(o.Axis)), [perm], pieces);
            case Pack o:
                // The new axis becomes the outermost, so that inputs lie one after the other.
                int[] with = [o.Axis, .. perm.Select(a => a < o.Axis ? a : a + 1)];
                int[][] parts = [.. node.Inputs.Select(_ => perm)];
                return new Relayout(new Pack(0), parts, [with]);
            default:
                return null;
        }
    }

    /// <summary>Some first inputs and every output take the same permutation.</summary>
    public static Relayout Same(Node node, Op op, int[] perm, int inputs)
    {
        int[]?[] of = new int[]?[node.Inputs.Length];
        Array.Fill(of, perm, 0, inputs);
        int[][] outputs = [.. node.Outputs.Select(_ => perm)];
        return new Relayout(op, of, outputs);
    }

    /// <summary>The permutation of the other axes once <paramref name="axis"/> is gone.</summary>
    public static int[] Without(int[] perm, int axis) =>
        [.. perm.Where(a => a != axis).Select(a => a < axis ? a : a - 1)];

    static Relayout? Strided(StridedSlice o, int[] perm)
    {
        int[] count = Permutation.Apply(perm, o.Count);
        int[] begin = Permutation.Apply(perm, o.Begin);
        int[] stride = Permutation.Apply(perm, o.Stride);
        if (o.Dims.SequenceEqual(o.Count))
        {
            return new Relayout(new StridedSlice(begin, count, stride, count), [perm], [perm]);
        }

        var y = new Shape(o.Dims);
        return ReshapeAxes.Through(new Shape(o.Count), perm, y) is { } through
            ? new Relayout(
                new StridedSlice(begin, count, stride, Permutation.Apply(through, y.Dims)),
                [perm], [through])
            : null;
    }

    // The axes of the indices stand where the gathered axis stood.
    static Relayout Gathered(Gather o, int indexRank, int[] perm)
    {
        var result = new List<int>();
        foreach (int axis in perm)
        {
            if (axis == o.Axis)
            {
                result.AddRange(Enumerable.Range(axis, indexRank));
            }
            else
            {
                result.Add(axis < o.Axis ? axis : axis + indexRank - 1);
            }
        }

        return new Relayout(new Gather(perm.IndexOf(o.Axis), 0), [perm, null], [[.. result]]);
    }
}
