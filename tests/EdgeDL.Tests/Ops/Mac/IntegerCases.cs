using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Mac;

/// <summary>Products of 8-bit integers with zero points, which give Int32.</summary>
sealed class IntegerCases : IOpCases
{
    static readonly (DType X, DType W)[] types =
    [
        (DType.UInt8, DType.Int8), (DType.UInt8, DType.UInt8), (DType.Int8, DType.Int8),
        (DType.Int8, DType.UInt8),
    ];

    public static IEnumerable<OpCase> Cases() => [.. Products(), .. Convolutions(), .. Ranges()];

    static IEnumerable<OpCase> Products()
    {
        (int[] X, int[] W)[] shapes =
        [
            ([1, 33], [33, 21]), ([7, 10], [10, 4]), ([2, 3, 5, 6], [3, 6, 9]),
                ([5, 700], [700, 3]),
        ];
        foreach ((int[] x, int[] w) in shapes)
        {
            foreach ((DType tx, DType tw) in types)
            {
                string name = $"{string.Join('x', x)} {tx} by {tw}";
                yield return new(name, new MatMulInteger(),
                    [Plain(tx, x), Plain(tw, w).Constant()], Product);
                yield return new($"{name} zeros", new MatMulInteger(),
                    [Plain(tx, x), Plain(tw, w).Constant(), Plain(tx), Plain(tw).Constant()],
                    Product);
                yield return new($"{name} runtime", new MatMulInteger(),
                    [Plain(tx, x), Plain(tw, w), Plain(tx), Plain(tw, 1)], Product);
            }
        }
    }

    static IEnumerable<OpCase> Convolutions()
    {
        var window = new ConvWindow2D(new(2, 1, 0, 1), new(1, 2, 2, 0));
        (int[] X, int[] W)[] shapes =
            [([1, 6, 7, 4], [5, 3, 2, 4]), ([2, 5, 6, 4], [4, 2, 3, 1]),
                ([1, 5, 5, 3], [6, 1, 1, 3])];
        foreach ((int[] x, int[] w) in shapes)
        {
            foreach ((DType tx, DType tw) in types)
            {
                var op = new ConvInteger(window);
                string name = $"{string.Join('x', x)} {tx} by {tw}";
                yield return new(name, op,
                    [Plain(tx, x), Plain(tw, w).Constant()], r => Convolution(r, op));
                yield return new($"{name} zeros", op,
                    [Plain(tx, x), Plain(tw, w), Plain(tx), Plain(tw)], r => Convolution(r, op));
            }
        }
    }

    static IEnumerable<OpCase> Ranges()
    {
        foreach (int n in (int[])[1, 7, 64, 101])
        {
            // Random values lie on a half only by accident: no case depends on the last bit.
            yield return new($"{n}", new DynamicQuantizeLinear(), [F32(n)], Range)
            { Relative = 1e-6, Out = [null, null, null] };
        }

        yield return new("positive", new DynamicQuantizeLinear(), [F32(3, 5).Between(1, 2)], Range)
        { Relative = 1e-6, Out = [null, null, null] };
    }

    static void Product(OpRun r)
    {
        RealTensor x = r.In(0), w = r.In(1), y = r.Out(0);
        (double zx, double zw) = Zeros(r);
        int depth = x.Dim(-1);
        r.Each(at =>
        {
            int[] from = [.. at];
            double sum = 0;
            for (int k = 0; k < depth; k++)
            {
                int[] a = [.. from[..^1], k];
                int[] b = [.. from[..^2], k, from[^1]];
                sum += (x.Broadcast(a[^x.Rank..]) - zx) * (w.Broadcast(b[^w.Rank..]) - zw);
            }

            return sum;
        });
    }

    static void Convolution(OpRun r, ConvInteger op)
    {
        RealTensor x = r.In(0), w = r.In(1);
        (double zx, double zw) = Zeros(r);
        int depth = w.Dim(3);
        int columns = w.Dim(0) * depth / x.Dim(3);
        r.Each(at =>
        {
            double sum = 0;
            for (int i = 0; i < w.Dim(1); i++)
            {
                for (int j = 0; j < w.Dim(2); j++)
                {
                    int row = (at[1] * op.Window.Height.Stride) - op.Window.Height.PadBefore
                        + (i * op.Window.Height.Dilation);
                    int column = (at[2] * op.Window.Width.Stride) - op.Window.Width.PadBefore
                        + (j * op.Window.Width.Dilation);
                    for (int c = 0; row >= 0 && row < x.Dim(1) && column >= 0
                        && column < x.Dim(2) && c < depth; c++)
                    {
                        int channel = (at[3] / columns * depth) + c;
                        sum += (x.At(at[0], row, column, channel) - zx)
                            * (w.At(at[3], i, j, c) - zw);
                    }
                }
            }

            return sum;
        });
    }

    static (double X, double W) Zeros(OpRun r) =>
        (r.HasInput(2) ? r.In(2)[0] : 0, r.HasInput(3) ? r.In(3)[0] : 0);

    static void Range(OpRun r)
    {
        float low = (float)Math.Min(0, r.In(0).Values.Min());
        float high = (float)Math.Max(0, r.In(0).Values.Max());
        float scale = low == high ? 1 : (high - low) / 255f;
        double zero = Math.Clamp(MathF.Round(-low / scale), 0, 255);
        r.Map(x => Math.Clamp(MathF.Round((float)x / scale) + zero, 0, 255));
        r.Out(1)[0] = scale;
        r.Out(2)[0] = zero;
    }
}
