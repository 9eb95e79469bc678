using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops;

/// <summary>Ops on outputs that round to even: the nearest step to the real result, always.
/// </summary>
sealed class RoundingCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach ((string name, DType type, int zero) in ((string, DType, int)[])
            [("i8", DType.Int8, -7), ("u8", DType.UInt8, 121)])
        {
            foreach (OpCase c in Binary(name, type, zero).Concat(Unary(name, type, zero))
                .Concat(Joins(name, type, zero)).Concat(Sums(name, type, zero)))
            {
                yield return c;
            }
        }

        yield return new("f32 to i16 to even", new Quantize(DType.Int16),
            [F32(3, 41).Between(-40, 40)], r => r.Map(v => v))
        { Out = [Even(0.00113f, 0)], Steps = 0 };
        // fp32 has not the digits for every nearest step of 16 bits.
        yield return new("i16 to even", new Sub(Activation.None),
            [I16(0.0004f, 4, 37), I16(0.0003f, 37)], r => r.Zip((x, y) => x - y))
        { Out = [Even(0.0006f, 0)] };
    }

    static IEnumerable<OpCase> Binary(string name, DType type, int zero)
    {
        Arg a = Quantized(type, 0.103f, zero + 10, 4, 37);
        Arg b = Quantized(type, 0.0713f, zero - 13, 37);
        (Op Op, Func<double, double, double> Fn, float Scale)[] all =
        [
            (new Add(Activation.None), (x, y) => x + y, 0.0871f),
            (new Add(Activation.Relu6), (x, y) => Math.Clamp(x + y, 0, 6), 0.0311f),
            (new Sub(Activation.Relu), (x, y) => Math.Max(x - y, 0), 0.0871f),
            (new Mul(Activation.None), (x, y) => x * y, 0.513f),
            (new PRelu(), (x, y) => x < 0 ? x * y : x, 0.513f),
            (new SquaredDifference(), (x, y) => (x - y) * (x - y), 1.53f),
        ];
        foreach ((Op op, Func<double, double, double> fn, float scale) in all)
        {
            yield return new($"{name} {scale} to even", op, [a, b], r => r.Zip(fn))
            { Out = [Even(scale, zero)], Steps = 0 };
        }

        // Sums are whole or half steps: every second result is a tie.
        Arg half = Quantized(type, 0.125f, zero + 1, 4, 37);
        yield return new($"{name} ties to even", new Add(Activation.None), [half, half],
            r => r.Zip((x, y) => x + y)) { Out = [Even(0.25f, zero)], Steps = 0 };
        yield return new($"{name} to even", new Div(Activation.None),
            [a, b with { Low = 0.5, High = 2 }], r => r.Zip((x, y) => x / y))
        { Out = [Even(0.303f, zero)], Steps = 0 };
    }

    static IEnumerable<OpCase> Unary(string name, DType type, int zero)
    {
        Arg x = Quantized(type, 0.0517f, zero, 300);
        (Op Op, Func<double, double> Fn)[] all =
        [
            (new Logistic(), v => 1 / (1 + Math.Exp(-v))), (new Neg(), v => -v),
            (new HardSwish(), v => v * Math.Clamp(v + 3, 0, 6) / 6),
            (new LeakyRelu(0.13f), v => v < 0 ? 0.13f * v : v), (new Abs(), Math.Abs),
            (new Relu6(), v => Math.Clamp(v, 0, 6)),
        ];
        foreach ((Op op, Func<double, double> fn) in all)
        {
            yield return new($"{name} to even", op, [x], r => r.Map(fn))
            { Out = [Even(0.0291f, zero)], Steps = 0 };
        }

        yield return new($"f32 to {name} to even", new Quantize(type),
            [F32(3, 41).Between(-40, 40)], r => r.Map(v => v))
        { Out = [Even(0.291f, zero)], Steps = 0 };
        foreach (Arg from in (Arg[])[I8(0.0517f, 3, 300), U8(0.0517f, 140, 300)])
        {
            yield return new($"{from.Type} to {name} to even", new Quantize(type), [from],
                r => r.Map(v => v)) { Out = [Even(0.0291f, zero)], Steps = 0 };
        }

        yield return new($"i32 to {name} to even", new Quantize(type),
            [Quantized(DType.Int32, 0.0013f, 0, 90).Between(-4, 4)],
            r => r.Map(v => v)) { Out = [Even(0.0291f, zero)], Steps = 0 };
    }

    static IEnumerable<OpCase> Joins(string name, DType type, int zero)
    {
        yield return new($"{name} to even", new Concat(1),
            [Quantized(type, 0.1f, zero, 3, 40), Quantized(type, 0.0713f, zero + 4, 3, 50)],
            r => r.Each(at => at[1] < 40 ? r.In(0).At(at) : r.In(1).At(at[0], at[1] - 40)))
        { Out = [Even(0.113f, zero - 3)], Steps = 0 };
    }

    static IEnumerable<OpCase> Sums(string name, DType type, int zero)
    {
        // Means of eight with one scale: one result of eight is a tie.
        Arg x = Quantized(type, 0.1f, zero, 1, 4, 2, 40);
        var axes = new ReduceAxes([1, 2], KeepDims: false);
        double Sum(OpRun r, int[] at) => Enumerable.Range(0, 8).Sum(
            i => r.In(0).At(0, i / 2, i % 2, at[^1]));
        yield return new($"{name} to even", new Mean(axes), [x], r => r.Each(at => Sum(r, at) / 8))
        { Out = [Even(0.1f, zero)], Steps = 0 };
        yield return new($"{name} finer to even", new Mean(axes), [x],
            r => r.Each(at => Sum(r, at) / 8)) { Out = [Even(0.0713f, zero + 1)], Steps = 0 };
        yield return new($"{name} to even", new Sum(axes), [x], r => r.Each(at => Sum(r, at)))
        { Out = [Even(0.713f, zero)], Steps = 0 };
        var window = new PoolWindow2D
        {
            KernelHeight = 4, KernelWidth = 2, StrideHeight = 1, StrideWidth = 1,
        };
        foreach (float scale in (float[])[0.1f, 0.0713f])
        {
            yield return new($"{name} {scale} to even", new AveragePool2D(window, Activation.None),
                [x], r => r.Each(at => Sum(r, at) / 8)) { Out = [Even(scale, zero)], Steps = 0 };
        }

        var edges = new PoolWindow2D
        {
            KernelHeight = 3, KernelWidth = 3, StrideHeight = 2, StrideWidth = 1, PadTop = 1,
            PadLeft = 1, PadBottom = 1, PadRight = 1,
        };
        yield return new($"{name} edges to even", new AveragePool2D(edges, Activation.Relu),
            [x], r => r.Each(at => Math.Max(Around(r, at), 0)))
        { Out = [Even(0.0613f, zero)], Steps = 0 };
        yield return new($"{name} to even", new Softmax(1, 1), [Quantized(type, 0.1f, zero, 3, 9)],
            r => r.Each(at => Math.Exp(r.In(0).At(at))
                / Enumerable.Range(0, 9).Sum(i => Math.Exp(r.In(0).At(at[0], i)))))
        { Out = [Even(1 / 256f, type == DType.Int8 ? -128 : 0)], Steps = 0 };
    }

    // The mean of what a window of 3 × 3, stride 2 × 1, padded by 1, covers.
    static double Around(OpRun r, int[] at)
    {
        var covered = new List<double>();
        for (int i = 0; i < 9; i++)
        {
            int row = (at[1] * 2) + (i / 3) - 1;
            int column = at[2] + (i % 3) - 1;
            if (row is >= 0 and < 4 && column is >= 0 and < 2)
            {
                covered.Add(r.In(0).At(0, row, column, at[3]));
            }
        }

        return covered.Average();
    }

    static Quantization Even(float scale, int zero) =>
        new(scale, zero) { Rounding = Rounding.ToEven };
}
