using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Reduce;

sealed class ResizeCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach ((int h, int w) in (IEnumerable<(int, int)>)[(6, 10), (2, 3), (1, 1), (7, 4)])
        {
            foreach (ResizeGrid grid in Enum.GetValues<ResizeGrid>())
            {
                foreach (int channels in (int[])[1, 5, 21])
                {
                    int[] x = [2, 3, 5, channels];
                    string name = $"{h}x{w} {grid} x{channels}";
                    void Bilinear(OpRun r) => Linear(r, h, w, grid);
                    yield return new($"{name} f32", new ResizeBilinear(h, w, grid), [F32(x)],
                        Bilinear) { Absolute = 1e-5, Extremes = false };
                    yield return new($"{name} i8", new ResizeBilinear(h, w, grid),
                        [I8(0.1f, 3, x)], Bilinear) { Out = [Q(0.1f, 3)] };
                    yield return new($"{name} u8", new ResizeBilinear(h, w, grid),
                        [U8(0.1f, 99, x)], Bilinear) { Out = [Q(0.1f, 99)] };
                    yield return new($"{name} i16", new ResizeBilinear(h, w, grid),
                        [I16(1f, x).Between(-500, 500)], Bilinear)
                    { Out = [Q(1f, 0)], Steps = 8 };
                }

                bool corners = grid == ResizeGrid.AlignCorners;
                bool centers = grid == ResizeGrid.HalfPixelCenters;
                yield return new($"{h}x{w} {grid} f32", new ResizeNearest(h, w, corners, centers),
                    [F32(2, 3, 5, 3)], r => Nearest(r, h, w, grid)) { Relative = 0, Absolute = 0 };
                yield return new($"{h}x{w} {grid} i8", new ResizeNearest(h, w, corners, centers),
                    [I8(0.1f, 3, 2, 3, 5, 7)], r => Nearest(r, h, w, grid))
                { Out = [Q(0.1f, 3)], Steps = 0 };
            }
        }
    }

    static double Place(int o, int from, int to, ResizeGrid grid) => grid switch
    {
        ResizeGrid.AlignCorners => to == 1 ? 0 : o * (from - 1.0) / (to - 1),
        ResizeGrid.HalfPixelCenters => (o + 0.5) * from / to - 0.5,
        _ => (double)o * from / to,
    };

    static void Linear(OpRun r, int h, int w, ResizeGrid grid)
    {
        RealTensor x = r.In(0);
        r.Each(i =>
        {
            double y = Math.Clamp(Place(i[1], x.Dim(1), h, grid), 0, x.Dim(1) - 1);
            double z = Math.Clamp(Place(i[2], x.Dim(2), w, grid), 0, x.Dim(2) - 1);
            double sum = 0;
            for (int a = 0; a < x.Dim(1); a++)
            {
                for (int b = 0; b < x.Dim(2); b++)
                {
                    sum += Math.Max(0, 1 - Math.Abs(y - a)) * Math.Max(0, 1 - Math.Abs(z - b))
                        * x.At(i[0], a, b, i[3]);
                }
            }

            return sum;
        });
    }

    static void Nearest(OpRun r, int h, int w, ResizeGrid grid)
    {
        RealTensor x = r.In(0);
        r.Each(i => x.At(
            i[0], Near(i[1], x.Dim(1), h, grid), Near(i[2], x.Dim(2), w, grid), i[3]));
    }

    static int Near(int o, int from, int to, ResizeGrid grid)
    {
        // A corner grid of one output falls back to the plain scale.
        double at = grid switch
        {
            ResizeGrid.AlignCorners => Math.Floor(
                to == 1 ? 0 : Place(o, from, to, grid) + 0.5),
            ResizeGrid.HalfPixelCenters => Math.Floor((o + 0.5) * from / to),
            _ => Math.Floor((double)o * from / to),
        };
        return (int)Math.Clamp(at, 0, from - 1);
    }
}
