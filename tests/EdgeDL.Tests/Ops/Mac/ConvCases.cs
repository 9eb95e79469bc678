using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Mac;

sealed class ConvCases : IOpCases
{
    static readonly ConvWindow2D same = new(new(1, 1, 1, 1), new(1, 1, 1, 1));
    static readonly ConvWindow2D strided = new(new(2, 1, 0, 1), new(3, 1, 2, 0));
    static readonly ConvWindow2D dilated = new(new(1, 2, 2, 2), new(1, 3, 0, 3));

    public static IEnumerable<OpCase> Cases()
    {
        foreach ((string name, ConvWindow2D window, int[] x, int[] w) in Shapes())
        {
            var op = new Conv2D(window, Activation.None);
            foreach (OpCase c in MacCases.Each(name, op, x, w, 0, w[0], r => Conv(r, op)))
            {
                yield return c;
            }
        }

        foreach (Activation act in (Activation[])
            [Activation.Relu, Activation.Relu6, Activation.ReluN1To1])
        {
            var op = new Conv2D(same, act);
            yield return new($"{act} f32", op,
                [F32(1, 5, 4, 6), F32(9, 3, 3, 6).Constant(), F32(9).Constant()],
                r => Conv(r, op)) { Absolute = 1e-4 };
            yield return new($"{act} i8", op,
                [I8(0.05f, 3, 1, 5, 4, 6), I8(0.02f, 0, 9, 3, 3, 6).Constant()],
                r => Conv(r, op)) { Out = [Q(0.05f, -10)] };
        }

        foreach ((string name, ConvWindow2D window, int[] x, int[] w) in DepthwiseShapes())
        {
            var op = new DepthwiseConv2D(window, Activation.None);
            foreach (OpCase c in MacCases.Each(name, op, x, w, 3, w[3], r => Depthwise(r, op)))
            {
                yield return c;
            }
        }

        var relu = new DepthwiseConv2D(same, Activation.Relu6);
        yield return new("relu6 f32", relu, [F32(1, 5, 4, 20), F32(1, 3, 3, 20).Constant()],
            r => Depthwise(r, relu));
        yield return new("relu6 u8", relu,
            [U8(0.05f, 99, 1, 5, 4, 20), U8(0.02f, 120, 1, 3, 3, 20).Constant()],
            r => Depthwise(r, relu)) { Out = [Q(0.03f, 10)] };
    }

    static IEnumerable<(string, ConvWindow2D, int[], int[])> Shapes() =>
    [
        ("1x1", new(ConvAxis.Unit, ConvAxis.Unit), [2, 3, 4, 9], [17, 1, 1, 9]),
        ("3x3", same, [1, 6, 5, 3], [8, 3, 3, 3]),
        ("3x3 deep", same, [1, 4, 3, 16], [5, 3, 3, 16]),
        ("3x3 in tiles", same, [2, 9, 7, 24], [20, 3, 3, 24]),
        ("5x2 strided", strided, [2, 9, 8, 4], [6, 5, 2, 4]),
        ("3x2 dilated", dilated, [1, 7, 6, 13], [7, 3, 2, 13]),
        ("grouped", same, [1, 5, 4, 6], [10, 3, 3, 3]),
    ];

    static IEnumerable<(string, ConvWindow2D, int[], int[])> DepthwiseShapes() =>
    [
        ("3x3", same, [1, 6, 5, 19], [1, 3, 3, 19]),
        ("strided", strided, [2, 9, 8, 7], [1, 5, 2, 7]),
        ("dilated", dilated, [1, 7, 6, 40], [1, 3, 2, 40]),
        ("times 3", same, [1, 5, 4, 6], [1, 3, 3, 18]),
        ("from one", same, [1, 6, 5, 1], [1, 3, 3, 8]),
    ];

    static void Conv(OpRun r, Conv2D op)
    {
        RealTensor x = r.In(0), w = r.In(1);
        int depth = w.Dim(3);
        int perGroup = w.Dim(0) / (x.Dim(3) / depth);
        r.Each(i =>
        {
            double sum = r.HasInput(2) ? r.In(2)[i[3]] : 0;
            ForEachTap(op.Window, x, w, i, (y, z, ky, kx) =>
            {
                for (int c = 0; c < depth; c++)
                {
                    sum += x.At(i[0], y, z, i[3] / perGroup * depth + c) * w.At(i[3], ky, kx, c);
                }
            });
            return MacCases.Clamp(sum, op.Activation);
        });
    }

    static void Depthwise(OpRun r, DepthwiseConv2D op)
    {
        RealTensor x = r.In(0), w = r.In(1);
        int multiplier = w.Dim(3) / x.Dim(3);
        r.Each(i =>
        {
            double sum = r.HasInput(2) ? r.In(2)[i[3]] : 0;
            ForEachTap(op.Window, x, w, i, (y, z, ky, kx) =>
                sum += x.At(i[0], y, z, i[3] / multiplier) * w.At(0, ky, kx, i[3]));
            return MacCases.Clamp(sum, op.Activation);
        });
    }

    static void ForEachTap(
        ConvWindow2D window, RealTensor x, RealTensor w, int[] i, Action<int, int, int, int> visit)
    {
        for (int ky = 0; ky < w.Dim(1); ky++)
        {
            for (int kx = 0; kx < w.Dim(2); kx++)
            {
                int y = i[1] * window.Height.Stride + ky * window.Height.Dilation
                    - window.Height.PadBefore;
                int z = i[2] * window.Width.Stride + kx * window.Width.Dilation
                    - window.Width.PadBefore;
                if (y >= 0 && y < x.Dim(1) && z >= 0 && z < x.Dim(2))
                {
                    visit(y, z, ky, kx);
                }
            }
        }
    }
}
