using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Movement;

/// <summary>Ops whose indices name single elements, and triangles.</summary>
sealed class ElementCases : IOpCases
{
    public static IEnumerable<OpCase> Cases() =>
        [.. Gathers(), .. Scatters(), .. Tuples(), .. Triangles(), .. Uniques()];

    static int Wrap(double index, int extent) =>
        (int)index < 0 ? (int)index + extent : (int)index;

    static IEnumerable<OpCase> Gathers()
    {
        foreach (int axis in (int[])[0, 1, 2])
        {
            int[] shape = [3, 4, 5];
            yield return new($"axis {axis}", new GatherElements(axis),
                [F32(shape), I64(2, 3, 4).Between(-3, 2)], r => Gather(r, axis));
            yield return new($"axis {axis} i8", new GatherElements(axis),
                [Plain(DType.Int8, shape), I32(3, 2, 5).Between(-3, 2)],
                r => Gather(r, axis));
        }

        yield return new("longer", new GatherElements(0), [I64(3), I64(7).Between(-3, 2)],
            r => Gather(r, 0));
        yield return new("negative rows", new Gather(0, 0), [F32(5, 3), I32(4).Between(-5, 4)],
            r => r.Each(i => r.In(0).At(Wrap(r.In(1)[i[0]], 5), i[1])));
        yield return new("negative tuples", new GatherNd(),
            [I32(4, 3), I64(5, 2).Between(-3, 2)],
            r => r.Each(i => r.In(0).At(
                Wrap(r.In(1).At(i[0], 0), 4), Wrap(r.In(1).At(i[0], 1), 3))));
    }

    static void Gather(OpRun r, int axis)
    {
        r.Each(i =>
        {
            int[] at = [.. i];
            at[axis] = Wrap(r.In(1).At(i), r.In(0).Dim(axis));
            return r.In(0).At(at);
        });
    }

    static IEnumerable<OpCase> Scatters()
    {
        foreach (ScatterKind kind in Enum.GetValues<ScatterKind>())
        {
            foreach (int axis in (int[])[0, 1])
            {
                yield return new($"{kind} axis {axis}", new ScatterElements(axis, kind),
                    [F32(4, 5), I64(3, 4).Between(-4, 3), F32(3, 4)],
                    r => Scatter(r, axis, kind));
            }

            foreach (DType type in (DType[])[DType.Int8, DType.UInt8, DType.Int16, DType.UInt16,
                DType.Int32, DType.UInt32, DType.Int64, DType.UInt64])
            {
                yield return new($"{kind} {type}", new ScatterElements(0, kind),
                    [
                        Plain(type, 4, 2).Between(0, 3), I32(4, 2).Between(0, 3),
                        Plain(type, 4, 2).Between(0, 2),
                    ],
                    r => Scatter(r, 0, kind));
            }
        }

        yield return new("bool", new ScatterElements(1, ScatterKind.Replace),
            [Bool(2, 4), I32(2, 2).Between(0, 3), Bool(2, 2)],
            r => Scatter(r, 1, ScatterKind.Replace));
    }

    static double Join(ScatterKind kind, double old, double update) => kind switch
    {
        ScatterKind.Add => old + update,
        ScatterKind.Multiply => old * update,
        ScatterKind.Max => Math.Max(old, update),
        ScatterKind.Min => Math.Min(old, update),
        _ => update,
    };

    static void Scatter(OpRun r, int axis, ScatterKind kind)
    {
        r.In(0).Values.CopyTo(r.Out(0).Values, 0);
        r.In(1).ForEach((i, flat) =>
        {
            int[] at = [.. i];
            at[axis] = Wrap(r.In(1)[flat], r.In(0).Dim(axis));
            ref double to = ref r.Out(0).At(at);
            to = Join(kind, to, r.In(2)[flat]);
        });
    }

    static IEnumerable<OpCase> Tuples()
    {
        foreach (ScatterKind kind in Enum.GetValues<ScatterKind>())
        {
            yield return new($"{kind} rows", new ScatterNdUpdate(kind),
                [F32(4, 3), I64(5, 1).Between(-4, 3), F32(5, 3)], r =>
                {
                    r.In(0).Values.CopyTo(r.Out(0).Values, 0);
                    r.In(2).ForEach((i, flat) =>
                    {
                        ref double to = ref r.Out(0).At(Wrap(r.In(1)[i[0]], 4), i[1]);
                        to = Join(kind, to, r.In(2)[flat]);
                    });
                });
            yield return new($"{kind} elements", new ScatterNdUpdate(kind),
                [I32(3, 3), I32(2, 2, 2).Between(-3, 2), I32(2, 2)], r =>
                {
                    r.In(0).Values.CopyTo(r.Out(0).Values, 0);
                    r.In(2).ForEach((i, flat) =>
                    {
                        int row = Wrap(r.In(1).At(i[0], i[1], 0), 3);
                        ref double to = ref r.Out(0).At(
                            row, Wrap(r.In(1).At(i[0], i[1], 1), 3));
                        to = Join(kind, to, r.In(2)[flat]);
                    });
                });
        }
    }

    static IEnumerable<OpCase> Triangles()
    {
        foreach (bool upper in (bool[])[false, true])
        {
            foreach (int k in (int[])[-9, -2, 0, 1, 9])
            {
                yield return new($"upper {upper} {k}", new Trilu(upper),
                    [I64(2, 4, 5), I64().Of(k)], r => Triangle(r, upper, k));
            }

            yield return new($"upper {upper} f32", new Trilu(upper), [F32(6, 3)],
                r => Triangle(r, upper, 0));
            yield return new($"upper {upper} empty", new Trilu(upper), [F32(2, 0, 3)],
                r => Triangle(r, upper, 0));
        }
    }

    static void Triangle(OpRun r, bool upper, int k)
    {
        r.Each(i =>
        {
            int diagonal = i[^1] - i[^2];
            return (upper ? diagonal >= k : diagonal <= k) ? r.In(0).At(i) : 0;
        });
    }

    static IEnumerable<OpCase> Uniques()
    {
        foreach (bool sorted in (bool[])[true, false])
        {
            foreach (DType type in (DType[])[DType.Float32, DType.Bool, DType.UInt8, DType.Int8,
                DType.Int16, DType.UInt16, DType.Int32, DType.UInt32, DType.Int64, DType.UInt64])
            {
                Arg x = Plain(type, 11);
                x = type is DType.Float32 ? x.Of(2, 1, -3, 0, 2, 5, 1, 1, 7, -3, 6) : x;
                yield return Distinct($"{type} sorted {sorted}", 0, sorted, x);
            }

            foreach (int axis in (int[])[0, 1, 2])
            {
                yield return Distinct($"axis {axis} sorted {sorted}", axis, sorted,
                    Plain(DType.Int32, 3, 4, 2).Between(0, 1));
            }

            yield return Distinct($"empty sorted {sorted}", 1, sorted, F32(2, 0));
        }
    }

    static OpCase Distinct(string name, int axis, bool sorted, Arg x) =>
        new(name, new UniqueSlices(axis, sorted), [x], r =>
        {
            double[][] slices = [.. Enumerable.Range(0, r.In(0).Dim(axis)).Select(
                k => Slice(r.In(0), axis, k))];
            List<int> groups = [];
            for (int k = 0; k < slices.Length; k++)
            {
                if (!groups.Exists(g => slices[g].SequenceEqual(slices[k])))
                {
                    groups.Add(k);
                }
            }

            if (sorted)
            {
                groups.Sort((a, b) => slices[a].AsSpan().SequenceCompareTo(slices[b]));
            }

            for (int k = 0; k < slices.Length; k++)
            {
                int place = groups.FindIndex(g => slices[g].SequenceEqual(slices[k]));
                r.Out(2)[k] = place;
                r.Out(3)[place]++;
                r.Out(1)[place] = groups[place];
            }

            r.Each(i => i[axis] < groups.Count
                ? r.In(0).At([.. i[..axis], groups[i[axis]], .. i[(axis + 1)..]])
                : 0);
            r.Out(4)[0] = groups.Count;
        }) { Out = [null, null, null, null, null] };

    static double[] Slice(RealTensor x, int axis, int k)
    {
        List<double> values = [];
        x.ForEach((i, flat) =>
        {
            if (i[axis] == k)
            {
                values.Add(x[flat]);
            }
        });
        return [.. values];
    }
}
