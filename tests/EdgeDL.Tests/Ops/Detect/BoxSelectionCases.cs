using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Detect;

sealed class BoxSelectionCases : IOpCases
{
    const int Boxes = 23;

    public static IEnumerable<OpCase> Cases()
    {
        foreach (bool centers in (bool[])[false, true])
        {
            foreach ((int most, double overlap, double score) in
                (IEnumerable<(int, double, double)>)[(4, 0.3, 0.2), (30, 0.6, 0), (2, 0, 0.9)])
            {
                yield return Case($"{centers} {most} {overlap}", centers, 60,
                    [F32(1).Of(overlap), F32().Of(score)], most, overlap, score);
            }

            yield return Case($"{centers} short", centers, 5, [F32(1).Of(0.5).Constant(), null],
                7, 0.5, double.NegativeInfinity);
        }

        Arg[] operands = [F32(1, 3, 4).Of(0), F32(1, 2, 3)];
        yield return new("no number", new BoxSelection(2, false), operands,
            r => Array.Fill(r.Out(0).Values, -1));
    }

    static OpCase Case(
        string name, bool centers, int rows, Arg?[] limits, int most, double overlap,
        double score) =>
        new(name, new BoxSelection(rows, centers),
            [
                F32(2, Boxes, 4).Between(0, 1), F32(2, 3, Boxes).Between(0, 1),
                I64(1).Of(most), .. limits,
            ],
            r => Select(r, centers, most, (float)overlap, (float)score))
        { Out = [null, null], Extremes = false };

    static void Select(OpRun r, bool centers, int most, double overlap, double score)
    {
        var rows = new List<(int, int, int)>();
        for (int n = 0; n < 2; n++)
        {
            double[][] boxes = [.. Enumerable.Range(0, Boxes).Select(
                b => Corners(r, centers, n, b))];
            for (int k = 0; k < 3; k++)
            {
                var kept = new List<int>();
                foreach (int b in Enumerable.Range(0, Boxes)
                    .Where(b => r.In(1).At(n, k, b) > score)
                    .OrderByDescending(b => r.In(1).At(n, k, b)))
                {
                    if (kept.Count < most
                        && kept.All(o => !(Overlap(boxes[o], boxes[b]) > overlap)))
                    {
                        kept.Add(b);
                        rows.Add((n, k, b));
                    }
                }
            }
        }

        RealTensor y = r.Out(0);
        Array.Fill(y.Values, -1);
        int told = Math.Min(rows.Count, y.Dim(0));
        for (int i = 0; i < told; i++)
        {
            (y.At(i, 0), y.At(i, 1), y.At(i, 2)) = rows[i];
        }

        r.Out(1)[0] = told;
    }

    static double[] Corners(OpRun r, bool centers, int n, int b)
    {
        double[] v = [.. Enumerable.Range(0, 4).Select(i => r.In(0).At(n, b, i))];
        return centers
            ? [v[1] - v[3] / 2, v[0] - v[2] / 2, v[1] + v[3] / 2, v[0] + v[2] / 2]
            :
            [
                Math.Min(v[0], v[2]), Math.Min(v[1], v[3]), Math.Max(v[0], v[2]),
                Math.Max(v[1], v[3]),
            ];
    }

    static double Overlap(double[] a, double[] b)
    {
        double height = Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]);
        double width = Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]);
        double common = Math.Max(height, 0) * Math.Max(width, 0);
        double Area(double[] v) => (v[2] - v[0]) * (v[3] - v[1]);
        return common / (Area(a) + Area(b) - common);
    }
}
