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
            foreach (OpCase c in Sums(name, x, axes))
            {
                yield return c;
            }
        }

        yield return new("empty", new Sum(new([1], false)), [F32(3, 0)], r => { });
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
