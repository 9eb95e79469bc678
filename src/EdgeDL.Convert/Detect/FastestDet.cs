using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Detect;

/// <summary>
/// FastestDet: one map [1, 5 + classes, H, W] of objectness, centre offsets, extents and class
/// probabilities. Input: BGR from 0 to 1.
/// </summary>
/// <remarks>score = objectness^0.6 · (best class)^0.4; the centre is tanh(offset) away from the
/// cell, the extents are logistic. Source: dog-qiuqiu/FastestDet, utils/tool.py.</remarks>
static class FastestDet
{
    public static DetectionLimits Defaults => new(Most: 50, Score: 0.65f, Overlap: 0.45f);

    const string Name = "FastestDet";
    const int First = 5;

    public static Candidates Decode(GraphAppend g)
    {
        if (g.Graph.Outputs.Count != 1 || g[g.Graph.Outputs[0]] is not
            { DType: DType.Float32, Shape: { Rank: 4 } map } || map[0] != 1 || map[1] <= First)
        {
            throw GraphAppend.Refuse(Name, "its output is no map 1 x (5 + classes) x H x W");
        }

        int height = map[2];
        int width = map[3];
        int count = height * width;
        int last = g.Node(new Transpose([0, 2, 3, 1]), "cells", g.Graph.Outputs[0]);
        int cells = g.Reshaped(last, count, map[1]);
        int classes = g.Columns(cells, First, map[1] - First, "classes");
        int best = g.Node(new ReduceMax(new ReduceAxes([1], KeepDims: false)), "best", classes);
        int index = g.Node(new ArgMax(1, keepDims: false, DType.Int32), "index", classes);
        int objectness = g.Reshaped(g.Columns(cells, 0, 1, "objectness"), count);
        int scores = g.Node(new Mul(Activation.None), "scores",
            g.Node(new Pow(), "objectness weight", objectness, g.Number("0.6", 0.6f)),
            g.Node(new Pow(), "class weight", best, g.Number("0.4", 0.4f)));

        // Centres and extents, x before y.
        int offsets = g.Node(new Tanh(), "offsets", g.Columns(cells, 1, 2, "raw offsets"));
        var grid = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            grid[2 * i] = i % width;
            grid[(2 * i) + 1] = i / width;
        }

        int centres = g.Node(new Mul(Activation.None), "centres",
            g.Node(new Add(Activation.None), "places", offsets,
                g.Constant("grid", new Shape(count, 2), grid)),
            g.Numbers("cell", [1f / width, 1f / height]));
        int extents = g.Node(new Logistic(), "extents", g.Columns(cells, 3, 2, "raw extents"));
        return new Candidates(count, Boxes.Of(g, centres, extents), scores,
            g.Node(new Cast(DType.Float32), "class", index), Keypoints: -1);
    }
}

/// <summary>Corners from centres and extents.</summary>
static class Boxes
{
    /// <summary>[n, 2] and [n, 2], x before y, to [n, 4]: top, left, bottom, right.</summary>
    public static int Of(GraphAppend g, int centres, int extents)
    {
        int half = g.Node(new Mul(Activation.None), "half", extents, g.Number("half of", 0.5f));
        int low = g.Node(new Sub(Activation.None), "low", centres, half);
        int high = g.Node(new Add(Activation.None), "high", centres, half);
        return g.Node(new Concat(1), "boxes",
            g.Node(new Reverse([1]), "top left", low),
            g.Node(new Reverse([1]), "bottom right", high));
    }
}
