using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Movement;

/// <summary>Ops that take and put whole tensors: identity, transposes, joins and cuts.</summary>
sealed class MovementCases : IOpCases
{
    public static IEnumerable<OpCase> Cases() =>
        [.. Identities(), .. Transposes(), .. Joins(), .. Cuts(), .. Borders()];

    static IEnumerable<OpCase> Identities()
    {
        yield return new("f32", new Identity(), [F32(3, 4)], r => r.Map(x => x));
        yield return new("u8", new Identity(), [U8(0.5f, 7, 5)], r => r.Map(x => x))
        { Out = [Q(0.5f, 7)] };
    }

    static IEnumerable<OpCase> Transposes()
    {
        (int[] Perm, int[] Shape)[] all =
        [
            ([1, 0], [5, 7]), ([0, 2, 1], [2, 17, 9]), ([2, 0, 1], [3, 4, 5]), ([0, 1], [4, 3]),
            ([0, 3, 1, 2], [2, 3, 4, 5]), ([3, 2, 1, 0], [2, 3, 4, 5]),
            ([0, 2, 3, 1], [1, 3, 8, 8]), ([4, 1, 3, 0, 2], [2, 3, 2, 3, 2]),
            ([1, 0], [33, 31]), ([1, 0], [1, 6]), ([], []),
        ];
        foreach ((int[] perm, int[] shape) in all)
        {
            string name = $"{string.Join("", perm)} of {new Shape(shape)}";
            yield return new($"f32 {name}", new Transpose(perm), [F32(shape)], r => Moved(r, perm));
            yield return new($"i8 {name}", new Transpose(perm), [I8(0.1f, -3, shape)],
                r => Moved(r, perm)) { Out = [Q(0.1f, -3)] };
        }

        yield return new("i64", new Transpose([1, 0]), [I64(3, 4)], r => Moved(r, [1, 0]));
        yield return new("i16", new Transpose([1, 0]), [I16(0.1f, 9, 8)], r => Moved(r, [1, 0]))
        { Out = [Q(0.1f, 0)] };
        yield return new("empty", new Transpose([1, 0]), [F32(0, 4)], r => { });
    }

    static IEnumerable<OpCase> Joins()
    {
        yield return new("f32 axis 1", new Concat(1), [F32(2, 3, 4), F32(2, 1, 4), F32(2, 5, 4)],
            r => Join(r, 1)) { Shapes = [[2, 9, 4]] };
        yield return new("f32 axis 0", new Concat(0), [F32(1, 3), F32(2, 3)], r => Join(r, 0));
        yield return new("i8 last axis", new Concat(2),
            [I8(0.1f, 0, 2, 3, 5), I8(0.1f, 0, 2, 3, 1)], r => Join(r, 2)) { Out = [Q(0.1f, 0)] };
        yield return new("i8 requantized", new Concat(1),
            [I8(0.1f, 5, 2, 33), I8(0.2f, -9, 2, 7)], r => Join(r, 1)) { Out = [Q(0.15f, 2)] };
        yield return new("u8 requantized", new Concat(1),
            [U8(0.1f, 5, 2, 33), U8(0.2f, 100, 2, 7)], r => Join(r, 1)) { Out = [Q(0.2f, 100)] };
        yield return new("with a constant", new Concat(0), [F32(1, 3), F32(2, 3).Constant()],
            r => Join(r, 0));
        yield return new("with nothing", new Concat(1), [F32(2, 0), F32(2, 3)], r => Join(r, 1));
        yield return new("f32 new axis 1", new Pack(1), [F32(2, 3), F32(2, 3), F32(2, 3)],
            r => r.Each(at => r.In(at[1]).At(at[0], at[2]))) { Shapes = [[2, 3, 3]] };
        yield return new("i32 scalars", new Pack(0), [I32(), I32()],
            r => r.Each(at => r.In(at[0])[0]));
        yield return new("i8 last", new Pack(1), [I8(0.1f, 0, 5), I8(0.1f, 0, 5)],
            r => r.Each(at => r.In(at[1])[at[0]])) { Out = [Q(0.1f, 0)] };
    }

    static IEnumerable<OpCase> Cuts()
    {
        yield return new("f32", new Split(1, [1, 3, 2]), [F32(2, 6, 3)], r => Cut(r, 1, [1, 3, 2]))
        { Out = [null, null, null] };
        yield return new("u8 halves", new Split(0, [2, 2]), [U8(1f, 3, 4, 5)],
            r => Cut(r, 0, [2, 2])) { Out = [Q(1f, 3), Q(1f, 3)] };
        yield return new("an empty piece", new Split(0, [0, 4]), [F32(4, 2)],
            r => Cut(r, 0, [0, 4])) { Out = [null, null] };
        yield return new("f32", new Unpack(1), [F32(4, 2, 3)], r =>
        {
            for (int o = 0; o < 2; o++)
            {
                r.Out(o).ForEach((at, i) => r.Out(o)[i] = r.In(0).At(at[0], o, at[1]));
            }
        })
        { Out = [null, null] };
        yield return new("f32", new Slice([1, 0, 2], [2, 3, 1]), [F32(4, 3, 5)],
            r => r.Each(at => r.In(0).At(at[0] + 1, at[1], at[2] + 2)));
        yield return new("i8 rows", new Slice([1, 0], [2, 9]), [I8(1f, 0, 4, 9)],
            r => r.Each(at => r.In(0).At(at[0] + 1, at[1]))) { Out = [Q(1f, 0)] };
        yield return new("nothing", new Slice([1, 0], [0, 2]), [F32(4, 2)], r => { });
        yield return new("f32", new StridedSlice([1, 6], [2, 3], [2, -3], [2, 3]), [F32(5, 7)],
            r => r.Each(at => r.In(0).At(1 + (2 * at[0]), 6 - (3 * at[1]))));
        yield return new("i32 element", new StridedSlice([2], [1], [1], []), [I32(4)],
            r => r.Out(0)[0] = r.In(0)[2]);
        yield return new("i8 new axis", new StridedSlice([0, 1], [2, 2], [1, 1], [2, 1, 2]),
            [I8(1f, 0, 2, 3)], r => r.Each(at => r.In(0).At(at[0], at[2] + 1)))
        { Out = [Q(1f, 0)] };
    }

    static IEnumerable<OpCase> Borders()
    {
        yield return new("f32", new Pad([0, 1, 2, 0], [0, 2, 1, 0]), [F32(1, 3, 4, 2)],
            r => Border(r, [0, 1, 2, 0], 0)) { Shapes = [[1, 6, 7, 2]] };
        yield return new("i8", new Pad([0, 1, 2, 1], [0, 2, 1, 0]), [I8(0.5f, 11, 2, 3, 4, 2)],
            r => Border(r, [0, 1, 2, 1], 0)) { Out = [Q(0.5f, 11)] };
        yield return new("u8 value", new Pad([2], [3]), [U8(0.5f, 11, 5), U8(0.5f, 11, 1).Of(3)],
            r => Border(r, [2], 3)) { Out = [Q(0.5f, 11)] };
        yield return new("f32 value", new Pad([1, 1], [1, 1]), [F32(3, 3), F32(1)],
            r => Border(r, [1, 1], r.In(1)[0]));
        yield return new("none", new Pad([0, 0], [0, 0]), [I32(3, 3)], r => r.Map(x => x));
    }

    static void Moved(OpRun r, int[] perm)
    {
        int[] from = new int[perm.Length];
        r.Each(at =>
        {
            for (int d = 0; d < perm.Length; d++)
            {
                from[perm[d]] = at[d];
            }

            return r.In(0).At(from);
        });
    }

    static void Join(OpRun r, int axis)
    {
        int start = 0;
        for (int i = 0; i < r.InputCount; i++)
        {
            r.In(i).ForEach((at, flat) =>
            {
                int[] to = [.. at];
                to[axis] += start;
                r.Out(0).At(to) = r.In(i)[flat];
            });
            start += r.In(i).Dim(axis);
        }
    }

    static void Cut(OpRun r, int axis, int[] extents)
    {
        int start = 0;
        for (int o = 0; o < extents.Length; o++)
        {
            r.Out(o).ForEach((at, flat) =>
            {
                int[] from = [.. at];
                from[axis] += start;
                r.Out(o)[flat] = r.In(0).At(from);
            });
            start += extents[o];
        }
    }

    static void Border(OpRun r, int[] before, double value)
    {
        Array.Fill(r.Out(0).Values, value);
        r.In(0).ForEach((at, flat) =>
        {
            int[] to = [.. at.Select((x, d) => x + before[d])];
            r.Out(0).At(to) = r.In(0)[flat];
        });
    }
}
