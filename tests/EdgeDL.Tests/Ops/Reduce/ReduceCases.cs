using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Reduce;

sealed class ReduceCases : IOpCases
{
    static readonly (string Name, int[] X, ReduceAxes Axes)[] forms =
    [
        ("channels", [3, 4, 5, 18], new([3], false)),
        ("image", [2, 4, 5, 18], new([1, 2], false)),
        ("image keep", [2, 4, 5, 37], new([1, 2], true)),
        ("all", [2, 3, 4], new([0, 1, 2], false)),
        ("outer and inner", [3, 4, 5, 6], new([0, 2], true)),
        ("alternating", [2, 3, 2, 3, 2, 3, 2, 3], new([0, 2, 4, 6], false)),
        ("none", [4, 5], new([], false)),
        ("scalar", [], new([], false)),
        ("of one", [1, 1, 7], new([1], true)),
    ];

    public static IEnumerable<OpCase> Cases()
    {
        foreach ((string name, int[] x, ReduceAxes axes) in forms)
        {
            foreach (OpCase c in Sums(name, x, axes).Concat(Others(name, x, axes)))
            {
                yield return c;
            }
        }

        yield return new("empty", new Sum(new([1], false)), [F32(3, 0)], r => { });
        yield return new("empty", new ReduceMax(new([1], false)), [I8(1, 0, 3, 0)],
            r => r.Each(_ => -128)) { Out = [Q(1, 0)] };
        // Every partial product is rounded to an integer, and the next factor multiplies the error.
        yield return new("i8 of three", new ReduceProd(new([1], false)),
            [I8(0.5f, -3, 9, 3).Between(-2, 2)],
            r => Over(r, new([1], false), v => v.Aggregate(1.0, (a, b) => a * b)))
        { Out = [Q(0.1f, 5)], Steps = 12 };
    }

    static IEnumerable<OpCase> Sums(string name, int[] x, ReduceAxes axes)
    {
        void Total(OpRun r) => Over(r, axes, v => v.Sum());
        void Average(OpRun r) => Over(r, axes, v => v.Average());
        yield return new($"{name} f32", new Sum(axes), [F32(x)], Total);
        yield return new($"{name} i32", new Sum(axes), [I32(x)], Total);
        yield return new($"{name} i64", new Sum(axes), [I64(x)], Total);
        yield return new($"{name} i8", new Sum(axes), [I8(0.1f, -3, x)], Total)
        { Out = [Q(0.9f, 7)] };
        yield return new($"{name} u8", new Sum(axes), [U8(0.1f, 120, x)], Total)
        { Out = [Q(0.9f, 127)] };
        yield return new($"{name} i16", new Sum(axes), [I16(0.001f, x)], Total)
        { Out = [Q(0.09f, 0)] };
        yield return new($"{name} f32", new Mean(axes), [F32(x)], Average);
        yield return new($"{name} i32", new Mean(axes), [I32(x).Between(-90, 90)],
            r => Over(r, axes, v => Math.Truncate(v.Sum() / v.Count)));
        yield return new($"{name} i64", new Mean(axes), [I64(x).Between(-90, 90)],
            r => Over(r, axes, v => Math.Truncate(v.Sum() / v.Count)));
        yield return new($"{name} i8", new Mean(axes), [I8(0.1f, -3, x)], Average)
        { Out = [Q(0.05f, 7)] };
        yield return new($"{name} u8", new Mean(axes), [U8(0.1f, 120, x)], Average)
        { Out = [Q(0.05f, 127)] };
        yield return new($"{name} i16", new Mean(axes), [I16(0.001f, x)], Average)
        { Out = [Q(0.0011f, 0)] };
    }

    static IEnumerable<OpCase> Others(string name, int[] x, ReduceAxes axes)
    {
        void Max(OpRun r) => Over(r, axes, v => v.Max());
        void Min(OpRun r) => Over(r, axes, v => v.Min());
        void Product(OpRun r) => Over(r, axes, v => v.Aggregate(1.0, (a, b) => a * b));
        yield return new($"{name} f32", new ReduceMax(axes), [F32(x)], Max);
        yield return new($"{name} i8", new ReduceMax(axes), [I8(0.1f, -3, x)], Max)
        { Out = [Q(0.1f, -3)], Steps = 0 };
        yield return new($"{name} i64", new ReduceMax(axes), [I64(x)], Max);
        yield return new($"{name} f32", new ReduceMin(axes), [F32(x)], Min);
        yield return new($"{name} u8", new ReduceMin(axes), [U8(0.1f, 99, x)], Min)
        { Out = [Q(0.1f, 99)], Steps = 0 };
        yield return new($"{name} i16", new ReduceMin(axes), [I16(0.1f, x)], Min)
        { Out = [Q(0.1f, 0)], Steps = 0 };
        yield return new($"{name} i32", new ReduceMin(axes), [I32(x)], Min);
        yield return new($"{name} f32", new ReduceProd(axes), [F32(x).Between(0.9, 1.1)], Product);
        yield return new($"{name} i32", new ReduceProd(axes), [I32(x).Between(1, 1)], Product);
        yield return new($"{name} bool", new ReduceAny(axes), [Bool(x)],
            r => Over(r, axes, v => v.Any(e => e != 0) ? 1 : 0));
        yield return new($"{name} bool", new ReduceAll(axes), [Bool(x)],
            r => Over(r, axes, v => v.All(e => e != 0) ? 1 : 0));
        yield return new($"{name} f32", new ReduceL1(axes), [F32(x)],
            r => Over(r, axes, v => v.Sum(Math.Abs)));
        yield return new($"{name} f32", new ReduceL2(axes), [F32(x)],
            r => Over(r, axes, v => Math.Sqrt(v.Sum(e => e * e))));
        yield return new($"{name} f32", new ReduceSumSquare(axes), [F32(x)],
            r => Over(r, axes, v => v.Sum(e => e * e)));
        yield return new($"{name} f32", new ReduceLogSum(axes), [F32(x).Between(0.1, 2)],
            r => Over(r, axes, v => Math.Log(v.Sum())));
        yield return new($"{name} f32", new ReduceLogSumExp(axes), [F32(x).Between(-90, 90)],
            r => Over(r, axes, v => v.Max() + Math.Log(v.Sum(e => Math.Exp(e - v.Max())))));
    }

    internal static void Over(OpRun r, ReduceAxes axes, Func<List<double>, double> f)
    {
        RealTensor x = r.In(0);
        var groups = new List<double>[r.Out(0).Count];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = [];
        }

        x.ForEach((index, flat) =>
        {
            int at = 0;
            for (int axis = 0; axis < x.Rank; axis++)
            {
                at = axes.Axes.Contains(axis) ? at : at * x.Dim(axis) + index[axis];
            }

            groups[at].Add(x[flat]);
        });
        for (int i = 0; i < groups.Length; i++)
        {
            r.Out(0)[i] = f(groups[i]);
        }
    }
}
