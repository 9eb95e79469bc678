using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Resize;

sealed class GridSampleCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach (ResizeMethod method in Enum.GetValues<ResizeMethod>())
        {
            foreach (GridPadding padding in Enum.GetValues<GridPadding>())
            {
                foreach (bool corners in (bool[])[false, true])
                {
                    var op = new GridSample(method, padding, corners);
                    string name = $"{method} {padding} {corners}";
                    yield return Case($"{name} plane", op, [2, 3, 5, 4], [2, 6, 3, 2]);
                    yield return Case($"{name} pixel", op, [1, 1, 1, 1], [1, 2, 9, 2]);
                    yield return Case($"{name} cube", op, [2, 2, 3, 4, 3], [2, 3, 1, 2, 3]);
                }
            }
        }
    }

    // The extremes fall on edges, where nearest is a tie between double and float.
    static OpCase Case(string name, GridSample op, int[] x, int[] grid) =>
        new(name, op, [F32(x), F32(grid).Between(-2.9, 3.1)], r => Sample(r, op))
        { Absolute = 1e-4, Extremes = false };

    static void Sample(OpRun r, GridSample op)
    {
        RealTensor x = r.In(0), grid = r.In(1);
        int axes = x.Rank - 2;
        r.Each(to =>
        {
            var at = new double[axes];
            bool isOutside = false;
            int[] place = [.. to];
            for (int a = 0; a < axes; a++)
            {
                int n = x.Dim(a + 1);
                place[^1] = axes - 1 - a;
                double g = (grid.At(place) + 1) / 2;
                at[a] = op.AlignsCorners ? g * (n - 1) : g * n - 0.5;
                at[a] = op.Method == ResizeMethod.Nearest ? Math.Round(at[a]) : at[a];
                isOutside |= at[a] < Low(op) || at[a] > n - 1 - Low(op);
            }

            bool keeps = op is { Method: ResizeMethod.Cubic, Padding: GridPadding.Border };
            for (int a = 0; a < axes && isOutside && !keeps; a++)
            {
                at[a] = Pad(op, at[a], x.Dim(a + 1));
            }

            double sum = 0;
            Visit(at, 0, 1, new int[axes], op, (pixel, w) =>
            {
                int[] from = [to[0], .. pixel, to[^1]];
                for (int a = 0; a < axes; a++)
                {
                    int n = x.Dim(a + 1);
                    if (op.Padding == GridPadding.Zeros && (from[a + 1] < 0 || from[a + 1] >= n))
                    {
                        return;
                    }

                    from[a + 1] = Math.Clamp((int)Pad(op, from[a + 1], n), 0, n - 1);
                }

                sum += w * x.At(from);
            });
            return sum;
        });
    }

    static double Low(GridSample op) => op.AlignsCorners ? 0 : -0.5;

    static double Pad(GridSample op, double at, int n)
    {
        if (op.Padding == GridPadding.Border)
        {
            return Math.Clamp(at, 0, n - 1);
        }

        double low = Low(op), high = n - 1 - low;
        while (op.Padding == GridPadding.Reflection && (at < low || at > high))
        {
            at = high == low ? low : at < low ? 2 * low - at : 2 * high - at;
        }

        return at;
    }

    static void Visit(
        double[] at, int a, double weight, int[] pixel, GridSample op,
        Action<int[], double> visit)
    {
        if (a == at.Length)
        {
            visit(pixel, weight);
            return;
        }

        for (int i = (int)Math.Floor(at[a]) - 3; i < at[a] + 3; i++)
        {
            double d = Math.Abs(i - at[a]);
            double w = op.Method switch
            {
                ResizeMethod.Nearest => d < 0.25 ? 1 : 0,
                ResizeMethod.Linear => Math.Max(0, 1 - d),
                _ => d < 1 ? 1.25 * d * d * d - 2.25 * d * d + 1
                    : d < 2 ? -0.75 * (d * d * d - 5 * d * d + 8 * d - 4) : 0,
            };
            if (w != 0)
            {
                pixel[a] = i;
                Visit(at, a + 1, weight * w, pixel, op, visit);
            }
        }
    }
}
