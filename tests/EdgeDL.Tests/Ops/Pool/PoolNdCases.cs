using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Pool;

sealed class PoolNdCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach ((string name, int[] spatial, PoolWindow[] windows) in Windows())
        {
            foreach (int channels in (int[])[1, 7, 16])
            {
                string at = $"{name} x{channels}";
                int[] x = [2, .. spatial, channels];
                foreach (PoolKind kind in Enum.GetValues<PoolKind>())
                {
                    yield return Case($"{at} {kind}", kind, windows, 2, [F32(x)]);
                }

                yield return Case($"{at} p1", PoolKind.Norm, windows, 1, [F32(x)]);
                yield return Case($"{at} p3", PoolKind.Norm, windows, 3, [F32(x)]);
                foreach (bool firstFastest in (bool[])[false, true])
                {
                    yield return new($"{at} indices {firstFastest}",
                        new PoolNd(PoolKind.Max, windows, 1, firstFastest), [F32(x)],
                        r => Indices(r, windows, firstFastest)) { Out = [null, null] };
                }
            }

            int[] some = [1, .. spatial, 19];
            yield return Case($"{name} i8", PoolKind.Max, windows, 2, [I8(0.1f, -3, some)],
                Q(0.1f, -3));
            yield return Case($"{name} u8", PoolKind.Max, windows, 2, [U8(0.1f, 130, some)],
                Q(0.1f, 130));
            yield return Case($"{name} i16", PoolKind.Max, windows, 2, [I16(0.01f, some)],
                Q(0.01f, 0));
            yield return new($"{name} i8 indices", new PoolNd(PoolKind.Max, windows, 1, false),
                [I8(0.1f, 3, some)], r => Indices(r, windows, false))
            { Out = [Q(0.1f, 3), null], Steps = 0 };
        }
    }

    static IEnumerable<(string Name, int[] Spatial, PoolWindow[] Windows)> Windows() =>
    [
        ("line", [9], [new(3, 2, 1, 2, 2, 6)]),
        ("line far", [9], [new(3, 2, 4, 5, 5, 6)]),
        ("plane", [5, 7], [new(2, 1, 2, 1, 1, 5), new(3, 3, 1, 2, 0, 3)]),
        // The last window of an axis hangs over its end.
        ("plane ceil", [5, 6], [new(3, 2, 1, 1, 1, 4), new(3, 2, 1, 0, 0, 3)]),
        ("cube", [3, 4, 5], [new(2, 1, 1, 0, 0, 2), new(2, 2, 1, 1, 1, 3), new(3, 1, 2, 2, 2, 5)]),
    ];

    static OpCase Case(
        string name, PoolKind kind, PoolWindow[] windows, float power, Arg[] x,
        EdgeDL.Tensors.Quantization? y = null) =>
        new(name, new PoolNd(kind, windows, power, false), x, r => r.Each(at =>
        {
            var inside = new List<double>();
            int counted = 0;
            Walk(r.In(0), windows, at, (value, _, isInside) =>
            {
                counted++;
                if (isInside)
                {
                    inside.Add(value);
                }
            });
            return kind switch
            {
                PoolKind.Max => inside.Count == 0 ? float.MinValue : inside.Max(),
                PoolKind.Average => inside.Count == 0 ? 0 : inside.Average(),
                PoolKind.AverageWithPadding => inside.Sum() / counted,
                _ => Math.Pow(inside.Sum(v => Math.Pow(Math.Abs(v), power)), 1.0 / power),
            };
        })) { Out = [y], Steps = 0, Absolute = 1e-5 };

    static void Indices(OpRun r, PoolWindow[] windows, bool firstFastest)
    {
        RealTensor x = r.In(0);
        r.Out(0).ForEach((at, flat) =>
        {
            double best = double.NegativeInfinity;
            long index = -1;
            Walk(x, windows, at, (value, pixel, isInside) =>
            {
                if (isInside && value > best)
                {
                    best = value;
                    index = Flat(x, pixel, firstFastest);
                }
            });
            r.Out(0)[flat] = index < 0 ? float.MinValue : best;
            r.Out(1)[flat] = index;
        });
    }

    // In [N][C][spatial].
    static long Flat(RealTensor x, int[] pixel, bool firstFastest)
    {
        long index = (long)pixel[0] * x.Dim(-1) + pixel[^1];
        for (int i = 1; i < x.Rank - 1; i++)
        {
            int axis = firstFastest ? x.Rank - 1 - i : i;
            index = index * x.Dim(axis) + pixel[axis];
        }

        return index;
    }

    static void Walk(
        RealTensor x, PoolWindow[] windows, int[] at, Action<double, int[], bool> visit)
    {
        int taps = windows.Aggregate(1, (n, w) => n * w.Kernel);
        int[] pixel = [.. at];
        for (int t = 0; t < taps; t++)
        {
            int rest = t;
            bool isInside = true, counts = true;
            for (int i = windows.Length - 1; i >= 0; i--)
            {
                PoolWindow w = windows[i];
                int p = at[i + 1] * w.Stride - w.PadBefore + rest % w.Kernel * w.Dilation;
                rest /= w.Kernel;
                pixel[i + 1] = p;
                isInside &= p >= 0 && p < x.Dim(i + 1);
                counts &= p >= -w.PadBefore && p < x.Dim(i + 1) + w.PadAfter;
            }

            if (counts)
            {
                visit(isInside ? x.At(pixel) : 0, pixel, isInside);
            }
        }
    }
}
