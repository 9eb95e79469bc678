using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Detect;

sealed class RegionCases : IOpCases
{
    // x1, y1, x2, y2: inside, over two corners, small, without extent, turned round, far away.
    static readonly double[] regions =
    [
        1.2, 0.7, 5.3, 4.1,
        -2.6, -1.7, 3.4, 2.2,
        4.1, 3.3, 11.7, 9.6,
        2.1, 2.2, 2.4, 2.3,
        3.1, 1.3, 3.1, 1.3,
        5.2, 4.4, 1.1, 0.3,
        40, 50, 60, 70,
    ];

    static readonly double[] pictures = [0, 1, 1, 0, 1, 0, 1];

    public static IEnumerable<OpCase> Cases()
    {
        foreach (bool halfPixel in (bool[])[false, true])
        {
            foreach (bool maximum in (bool[])[false, true])
            {
                foreach (int samples in (int[])[0, 1, 3])
                {
                    var op = new RoiAlign(new RoiAlignSettings
                    {
                        Rows = 3, Columns = 2, Samples = samples, Scale = 0.9f,
                        HalfPixel = halfPixel, Maximum = maximum,
                    });
                    yield return new($"{halfPixel} {maximum} {samples}", op,
                        [F32(2, 6, 8, 5), F32(7, 4).Of(regions), I64(7).Of(pictures)],
                        r => Align(r, op.Settings)) { Absolute = 1e-4 };
                }
            }
        }

        double[] five = [.. Enumerable.Range(0, 7)
            .SelectMany(i => (double[])[pictures[i], .. regions[(4 * i)..(4 * i + 4)]])];
        yield return new("bins", new RoiPool(2, 3, 0.9f), [F32(2, 6, 8, 5), F32(7, 5).Of(five)],
            r => Pool(r, 0.9f));
        yield return new("one", new RoiPool(1, 1, 1), [F32(2, 6, 8, 1), F32(7, 5).Of(five)],
            r => Pool(r, 1));
    }

    static void Align(OpRun r, RoiAlignSettings s)
    {
        RealTensor x = r.In(0);
        r.Each(at =>
        {
            double Corner(int k) =>
                r.In(1).At(at[0], k) * s.Scale - (s.HalfPixel ? 0.5 : 0);
            double width = Corner(2) - Corner(0), height = Corner(3) - Corner(1);
            if (!s.HalfPixel)
            {
                (width, height) = (Math.Max(width, 1), Math.Max(height, 1));
            }

            (double binHeight, double binWidth) = (height / s.Rows, width / s.Columns);
            int rows = s.Samples > 0 ? s.Samples : Math.Max((int)Math.Ceiling(binHeight), 0);
            int columns = s.Samples > 0 ? s.Samples : Math.Max((int)Math.Ceiling(binWidth), 0);
            double sum = 0, most = rows * columns == 0 ? 0 : double.NegativeInfinity;
            for (int i = 0; i < rows * columns; i++)
            {
                double y = Corner(1) + binHeight * (at[1] + (i / columns + 0.5) / rows);
                double z = Corner(0) + binWidth * (at[2] + (i % columns + 0.5) / columns);
                double[] parts = Parts(x, (int)r.In(2)[at[0]], y, z, at[3]);
                sum += parts.Sum();
                most = Math.Max(most, parts.Max());
            }

            return s.Maximum ? most : sum / Math.Max(1, rows * columns);
        });
    }

    static double[] Parts(RealTensor x, int picture, double y, double z, int channel)
    {
        (int h, int w) = (x.Dim(1), x.Dim(2));
        if (y < -1 || y > h || z < -1 || z > w)
        {
            return [0];
        }

        (y, z) = (Math.Clamp(y, 0, h - 1), Math.Clamp(z, 0, w - 1));
        (int top, int left) = ((int)y, (int)z);
        (int bottom, int right) = (Math.Min(top + 1, h - 1), Math.Min(left + 1, w - 1));
        (double down, double across) = (y - top, z - left);
        return
        [
            (1 - down) * (1 - across) * x.At(picture, top, left, channel),
            (1 - down) * across * x.At(picture, top, right, channel),
            down * (1 - across) * x.At(picture, bottom, left, channel),
            down * across * x.At(picture, bottom, right, channel),
        ];
    }

    static void Pool(OpRun r, double scale)
    {
        RealTensor x = r.In(0), y = r.Out(0);
        r.Each(at =>
        {
            double Corner(int k) => Math.Round(
                r.In(1).At(at[0], k) * scale, MidpointRounding.AwayFromZero);
            double height = Math.Max(Corner(4) - Corner(2) + 1, 1) / y.Dim(1);
            double width = Math.Max(Corner(3) - Corner(1) + 1, 1) / y.Dim(2);
            double most = double.NegativeInfinity;
            for (int v = 0; v < x.Dim(1); v++)
            {
                for (int h = 0; h < x.Dim(2); h++)
                {
                    if (v >= Math.Floor(at[1] * height) + Corner(2)
                        && v < Math.Ceiling((at[1] + 1) * height) + Corner(2)
                        && h >= Math.Floor(at[2] * width) + Corner(1)
                        && h < Math.Ceiling((at[2] + 1) * width) + Corner(1))
                    {
                        most = Math.Max(most, x.At((int)r.In(1).At(at[0], 0), v, h, at[3]));
                    }
                }
            }

            return double.IsInfinity(most) ? 0 : most;
        });
    }
}
