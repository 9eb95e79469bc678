using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Resize;

sealed class ResizeNdCases : IOpCases
{
    static readonly int[] image = [2, 5, 7, 3];

    public static IEnumerable<OpCase> Cases()
    {
        foreach (ResizeCoordinates at in Enum.GetValues<ResizeCoordinates>())
        {
            foreach ((string name, ResizedAxis[] axes) in Axes(at))
            {
                foreach (ResizeRule rule in Rules(at))
                {
                    string how = $"{at} {rule.Method} {rule.Rounding} {rule.CubicCoefficient}"
                        + $"{(rule.ExcludesOutside ? " excludes" : "")}"
                        + $"{(rule.Antialiases ? " antialiases" : "")}";
                    yield return Case($"{name} {how}", rule, axes, [F32(image)]);
                }
            }
        }

        ResizedAxis[] both = [new(1, 9, 1.8f), new(2, 4, 4 / 7f)];
        foreach (ResizeMethod method in Enum.GetValues<ResizeMethod>())
        {
            var rule = new ResizeRule(method, 0, 0);
            foreach (ResizedAxis[] axes in (ResizedAxis[][])[both, [both[0]]])
            {
                string name = $"{axes.Length} {method}";
                yield return Case($"{name} i8", rule, axes, [I8(0.1f, 3, image)], Q(0.1f, 3));
                yield return Case($"{name} u8", rule, axes, [U8(0.1f, 99, image)], Q(0.1f, 99));
                yield return Case($"{name} i16", rule, axes, [I16(0.01f, image)], Q(0.01f, 0));
            }
        }

        var nearest = new ResizeRule(
            ResizeMethod.Nearest, ResizeCoordinates.Asymmetric, ResizeRounding.Floor);
        yield return Case("i64", nearest, both, [I64(image)]);
        yield return Case("nothing", nearest, [new(1, 5, 1)], [I32(image)]);
        ResizedAxis[] all = [new(0, 3, 1.5f), new(1, 3, 0.6f), new(2, 9, 9 / 7f),
            new(3, 2, 2 / 3f)];
        yield return Case("all axes", new(ResizeMethod.Linear, 0, 0), all, [F32(image)]);
        yield return Case("wide", new(ResizeMethod.Cubic, 0, 0), both, [F32(1, 5, 7, 18)]);
    }

    static IEnumerable<ResizeRule> Rules(ResizeCoordinates at)
    {
        foreach (ResizeRounding rounding in Enum.GetValues<ResizeRounding>())
        {
            yield return new(ResizeMethod.Nearest, at, rounding);
        }

        yield return new(ResizeMethod.Linear, at, 0);
        yield return new(ResizeMethod.Cubic, at, 0);
        yield return new(ResizeMethod.Cubic, at, 0)
        { CubicCoefficient = -0.5f, ExcludesOutside = true };
        yield return new(ResizeMethod.Linear, at, 0) { Antialiases = true };
        yield return new(ResizeMethod.Cubic, at, 0) { Antialiases = true };
        yield return new(ResizeMethod.Linear, at, 0)
        { Antialiases = true, ExcludesOutside = true };
    }

    static IEnumerable<(string Name, ResizedAxis[] Axes)> Axes(ResizeCoordinates at)
    {
        if (at == ResizeCoordinates.CropAndResize)
        {
            yield return ("inner",
                [new(1, 4, 0.8f, 0.17f, 0.81f), new(2, 6, 6 / 7f, 0.23f, 0.59f)]);
            yield return ("beyond",
                [new(1, 9, 1.8f, -0.31f, 1.17f), new(2, 1, 1 / 7f, 0.37f, 1.3f)]);
            yield break;
        }

        yield return ("up", [new(1, 9, 1.83f), new(2, 16, 16 / 7f)]);
        yield return ("down", [new(2, 4, 0.61f), new(1, 2, 0.41f)]);
        // Symmetry puts one output in the very middle, a tie.
        if (at != ResizeCoordinates.HalfPixelSymmetric)
        {
            yield return ("one", [new(1, 1, 0.23f), new(2, 17, 2.53f)]);
        }
    }

    static OpCase Case(
        string name, ResizeRule rule, ResizedAxis[] axes, Arg[] x,
        EdgeDL.Tensors.Quantization? y = null) =>
        new(name, new EdgeDL.Ops.Resize(rule, 10, axes), x, r =>
        {
            RealTensor source = r.In(0);
            r.Each(to =>
            {
                double sum = 0;
                bool isOutside = false;
                var weights = new List<(int, double)>[axes.Length];
                for (int a = 0; a < axes.Length; a++)
                {
                    int n = source.Dim(axes[a].Axis);
                    double at = Position(rule.Coordinates, axes[a], n, to[axes[a].Axis]);
                    isOutside |= rule.Coordinates == ResizeCoordinates.CropAndResize
                        && (at < 0 || at > n - 1);
                    weights[a] = Weights(rule, axes[a].Scale, n, at);
                }

                Visit(weights, 0, 1, [.. to], axes, (from, w) => sum += w * source.At(from));
                return isOutside ? 10 : sum;
            });
        })
        { Out = [y], Absolute = 2e-5, Steps = rule.Method == ResizeMethod.Nearest ? 0 : 1 };

    static void Visit(
        List<(int At, double Weight)>[] weights, int a, double weight, int[] from,
        ResizedAxis[] axes, Action<int[], double> visit)
    {
        if (a == axes.Length)
        {
            visit(from, weight);
            return;
        }

        foreach ((int at, double w) in weights[a])
        {
            from[axes[a].Axis] = at;
            Visit(weights, a + 1, weight * w, from, axes, visit);
        }
    }

    static double Position(ResizeCoordinates coordinates, ResizedAxis axis, int n, int o)
    {
        double s = axis.Scale;
        double m = Math.Abs(n * s - axis.Output) < 1e-3 ? axis.Output : n * s;
        double half = (o + 0.5) / s - 0.5;
        return coordinates switch
        {
            ResizeCoordinates.HalfPixel => half,
            ResizeCoordinates.HalfPixelSymmetric => half + n / 2.0 * (1 - axis.Output / m),
            ResizeCoordinates.PytorchHalfPixel => axis.Output == 1 ? 0 : half,
            ResizeCoordinates.AlignCorners => o == 0 ? 0 : o * (n - 1) / (m - 1),
            ResizeCoordinates.Asymmetric => o / s,
            ResizeCoordinates.TfHalfPixelForNearest => half + 0.5,
            _ => (n - 1) * (axis.Output == 1 ? (axis.Start + (double)axis.End) / 2
                : axis.Start + o * ((double)axis.End - axis.Start) / (axis.Output - 1)),
        };
    }

    // Every input position with its weight, as a kernel round the position.
    static List<(int, double)> Weights(ResizeRule rule, double scale, int n, double at)
    {
        if (rule.Method == ResizeMethod.Nearest)
        {
            double near = rule.Rounding switch
            {
                ResizeRounding.Floor => Math.Floor(at),
                ResizeRounding.Ceiling => Math.Ceiling(at),
                ResizeRounding.PreferFloor => Math.Ceiling(at - 0.5),
                _ => Math.Floor(at + 0.5),
            };
            return [((int)Math.Clamp(near, 0, n - 1), 1)];
        }

        double shrink = rule.Antialiases ? Math.Min(1, scale) : 1;
        var found = new List<(int, double)>();
        for (int i = (int)at - 40; i < at + 40; i++)
        {
            double d = Math.Abs(i - at) * shrink;
            double w = rule.Method == ResizeMethod.Linear ? Math.Max(0, 1 - d)
                : Keys(d, rule.CubicCoefficient);
            if (w != 0 && (!rule.ExcludesOutside || (i >= 0 && i < n)))
            {
                found.Add((Math.Clamp(i, 0, n - 1), w));
            }
        }

        double sum = found.Sum(f => f.Item2);
        return [.. found.Select(f => (f.Item1, f.Item2 / sum))];
    }

    static double Keys(double d, double a) =>
        d < 1 ? (a + 2) * Math.Pow(d, 3) - (a + 3) * d * d + 1
        : d < 2 ? a * Math.Pow(d, 3) - 5 * a * d * d + 8 * a * d - 4 * a : 0;
}
