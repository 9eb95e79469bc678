using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Detect;

/// <summary>
/// YuNet finds faces and five points of each, at strides 8, 16 and 32: outputs cls_S, obj_S
/// [1, n, 1], bbox_S [1, n, 4], kps_S [1, n, 10]. Input: BGR from 0 to 255.
/// </summary>
/// <remarks>score = √(cls · obj); the centre is the cell plus an offset, the extents are
/// exponential, all in strides. Source: OpenCV's FaceDetectorYN; Wu et al., 2023.</remarks>
static class YuNet
{
    public static DetectionLimits Defaults => new(Most: 50, Score: 0.6f, Overlap: 0.3f);

    const string Name = "YuNet";
    static ReadOnlySpan<int> Strides => [8, 16, 32];

    public static Candidates Decode(GraphAppend g)
    {
        Shape picture = g[g.Graph.Inputs[0]].Shape;
        if (picture.Rank != 4)
        {
            throw GraphAppend.Refuse(Name, $"its input is {picture}, no picture");
        }

        // Pictures may lie by channel or by pixel.
        bool isLast = picture[3] is 1 or 3;
        int height = isLast ? picture[1] : picture[2];
        int width = isLast ? picture[2] : picture[3];
        var scores = new List<int>();
        var centres = new List<int>();
        var extents = new List<int>();
        var points = new List<int>();
        foreach (int stride in Strides)
        {
            int rows = height / stride;
            int columns = width / stride;
            int count = rows * columns;
            int cls = Map(g, $"cls_{stride}", count, 1);
            int obj = Map(g, $"obj_{stride}", count, 1);
            int box = Map(g, $"bbox_{stride}", count, 4);
            int kps = Map(g, $"kps_{stride}", count, 10);
            scores.Add(g.Node(new Sqrt(), $"score {stride}", g.Node(
                new Mul(Activation.None), $"product {stride}",
                g.Node(new Relu0To1(), $"cls {stride}", cls),
                g.Node(new Relu0To1(), $"obj {stride}", obj))));
            int cell = g.Numbers($"cell {stride}",
                [(float)stride / width, (float)stride / height]);
            centres.Add(Placed(g, g.Columns(box, 0, 2, $"offset {stride}"), columns, cell));
            extents.Add(g.Node(new Mul(Activation.None), $"extent {stride}",
                g.Node(new Exp(), $"exp {stride}", g.Columns(box, 2, 2, $"log {stride}")), cell));
            points.Add(g.Node(new Concat(1), $"points {stride}",
                [.. Enumerable.Range(0, 5).Select(p => Placed(
                    g, g.Columns(kps, 2 * p, 2, $"point {p} {stride}"), columns, cell))]));
        }

        int all = scores.Sum(s => g[s].Shape[0]);
        return new Candidates(all,
            Boxes.Of(g, Joined(g, centres, "centres"), Joined(g, extents, "extents")),
            g.Reshaped(Joined(g, scores, "scores"), all), Classes: -1,
            Joined(g, points, "points"));
    }

    static int Joined(GraphAppend g, List<int> parts, string name) =>
        g.Node(new Concat(0), name, [.. parts]);

    // (cell + offset) · stride, from 0 to 1.
    static int Placed(GraphAppend g, int offset, int columns, int cell)
    {
        int count = g[offset].Shape[0];
        var grid = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            grid[2 * i] = i % columns;
            grid[(2 * i) + 1] = i / columns;
        }

        int place = g.Node(new Add(Activation.None), $"{g[offset].Name} place", offset,
            g.Constant("grid", new Shape(count, 2), grid));
        return g.Node(new Mul(Activation.None), $"{g[offset].Name} placed", place, cell);
    }

    static int Map(GraphAppend g, string name, int count, int columns)
    {
        int value = g.Find(name, Name);
        return g[value].DType == DType.Float32 && g[value].Shape == new Shape(1, count, columns)
            ? g.Reshaped(value, count, columns)
            : throw GraphAppend.Refuse(Name,
                $"'{name}' is {g[value]}, not Float32 1x{count}x{columns}");
    }
}
