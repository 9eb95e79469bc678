using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Movement;

/// <summary>Ops that indices steer.</summary>
sealed class IndexCases : IOpCases
{
    public static IEnumerable<OpCase> Cases() => [.. Gathers(), .. Scatters(), .. Searches()];

    static IEnumerable<OpCase> Gathers()
    {
        yield return new("rows", new Gather(0, 0), [F32(5, 3), I32(2, 2).Between(0, 4)],
            r => r.Each(i => r.In(0).At((int)r.In(1).At(i[0], i[1]), i[2])));
        yield return new("inner i64", new Gather(2, 0),
            [I8(0.5f, 3, 2, 3, 4), I64(3).Between(0, 3)],
            r => r.Each(i => r.In(0).At(i[0], i[1], (int)r.In(1)[i[2]])))
        { Out = [Q(0.5f, 3)] };
        yield return new("batches", new Gather(2, 1), [F32(2, 3, 4), I32(2, 2).Between(0, 3)],
            r => r.Each(i => r.In(0).At(i[0], i[1], (int)r.In(1).At(i[0], i[2]))));
        yield return new("tuples", new GatherNd(), [F32(4, 3, 2), I32(5, 2).Between(0, 2)],
            r => r.Each(i => r.In(0).At(
                (int)r.In(1).At(i[0], 0), (int)r.In(1).At(i[0], 1), i[1])));
        yield return new("elements", new GatherNd(), [I64(4, 3), I64(2, 2, 2).Between(0, 2)],
            r => r.Each(i => r.In(0).At(
                (int)r.In(1).At(i[0], i[1], 0), (int)r.In(1).At(i[0], i[1], 1))));
        yield return new("f32", new EmbeddingLookup(false), [I32(4).Between(0, 6), F32(7, 3)],
            r => r.Each(i => r.In(1).At((int)r.In(0)[i[0]], i[1])));
        yield return new("scaled", new EmbeddingLookup(true),
            [I32(4).Between(0, 6), I8(0.25f, 0, 7, 3)],
            r => r.Each(i => r.In(1).At((int)r.In(0)[i[0]], i[1])));
        yield return new("f32", new HashtableLookup(),
            [I32(4).Between(0, 6), Ints(1, 3, 4), F32(3, 2)], r =>
            {
                for (int i = 0; i < 4; i++)
                {
                    int at = Array.IndexOf(r.In(1).Values, r.In(0)[i]);
                    r.Out(1)[i] = at >= 0 ? 1 : 0;
                    r.Out(0)[2 * i] = at >= 0 ? r.In(2).At(at, 0) : 0;
                    r.Out(0)[(2 * i) + 1] = at >= 0 ? r.In(2).At(at, 1) : 0;
                }
            }) { Out = [null, null] };
    }

    static IEnumerable<OpCase> Scatters()
    {
        yield return new("f32", new ScatterNd([4, 3]), [I32(5, 1).Between(0, 3), F32(5, 3)],
            r =>
            {
                r.In(1).ForEach((i, flat) =>
                    r.Out(0).At((int)r.In(0)[i[0]], i[1]) += r.In(1)[flat]);
            });
        yield return new("i32 elements", new ScatterNd([4, 3]),
            [I64(5, 2).Between(0, 2), I32(5)], r =>
            {
                for (int i = 0; i < 5; i++)
                {
                    r.Out(0).At((int)r.In(0).At(i, 0), (int)r.In(0).At(i, 1)) += r.In(1)[i];
                }
            });
        yield return new("last", new OneHot(4, 2), [I32(2, 3).Between(-1, 4), F32(), F32()],
            r => r.Each(i => r.In((int)r.In(0).At(i[0], i[1]) == i[2] ? 1 : 2)[0]));
        yield return new("first", new OneHot(3, 0), [I64(4).Between(0, 2), I32(), I32()],
            r => r.Each(i => r.In((int)r.In(0)[i[1]] == i[0] ? 1 : 2)[0]));
        yield return new("list", new SparseToDense([6]),
            [Ints(1, 4, 5), F32(3), F32()],
            r => r.Each(i => i[0] switch
            {
                1 => r.In(1)[0], 4 => r.In(1)[1], 5 => r.In(1)[2], _ => r.In(2)[0],
            }));
        yield return new("tuples, one value", new SparseToDense([2, 3]),
            [I32(2, 2).Of(0, 1, 1, 2).Constant(), F32(), F32()],
            r => r.Each(i => r.In(i[1] == i[0] + 1 ? 1 : 2)[0]));
        foreach (SegmentKind kind in Enum.GetValues<SegmentKind>())
        {
            yield return new($"{kind}", new UnsortedSegment(kind, 3),
                [F32(6, 2), Ints(0, 2, -1, 2, 0, 1)], r => Segments(r, kind));
        }

        yield return new("i32", new NumberRange(5), [I32(), I32()],
            r => r.Each(i => r.In(0)[0] + (i[0] * r.In(1)[0])));
        yield return new("f32", new NumberRange(5), [F32(), F32()],
            r => r.Each(i => r.In(0)[0] + (i[0] * r.In(1)[0])));
    }

    static void Segments(OpRun r, SegmentKind kind)
    {
        r.Each(i =>
        {
            double[] rows = [.. Enumerable.Range(0, 6).Where(k => (int)r.In(1)[k] == i[0])
                .Select(k => r.In(0).At(k, i[1]))];
            return kind switch
            {
                SegmentKind.Sum => rows.Sum(),
                SegmentKind.Product => rows.Aggregate(1.0, (a, b) => a * b),
                SegmentKind.Max => rows.Max(),
                _ => rows.Min(),
            };
        });
    }

    static IEnumerable<OpCase> Searches()
    {
        yield return new("bool", new Where(), [Bool(3, 4)], Where) { Out = [null, null] };
        yield return new("f32", new Where(), [F32(5).Of(0, 1, -2, 0, 3)], Where)
        { Out = [null, null] };
        yield return new("i32", new Unique(false), [I32(9)], Unique) { Out = [null, null, null] };
        yield return new("wide", new Unique(true), [F32(4).Of(2, 1, 2, 5)], Unique)
        { Out = [null, null, null] };
        float[] boundaries = [-1, 0, 0.5f, 2];
        yield return new("f32", new Bucketize(boundaries), [F32(20)],
            r => r.Map(x => boundaries.Count(b => x >= b)));
        yield return new("i32", new Bucketize(boundaries), [I32(20)],
            r => r.Map(x => boundaries.Count(b => x >= b)));
    }

    static void Where(OpRun r)
    {
        int found = 0;
        int rank = r.In(0).Rank;
        r.Each(_ => -1);
        r.In(0).ForEach((i, flat) =>
        {
            if (r.In(0)[flat] != 0)
            {
                for (int d = 0; d < rank; d++)
                {
                    r.Out(0).At(found, d) = i[d];
                }

                found++;
            }
        });
        r.Out(1)[0] = found;
    }

    static void Unique(OpRun r)
    {
        double[] distinct = [.. r.In(0).Values.Distinct()];
        distinct.CopyTo(r.Out(0).Values, 0);
        for (int i = 0; i < r.In(0).Count; i++)
        {
            r.Out(1)[i] = Array.IndexOf(distinct, r.In(0)[i]);
        }

        r.Out(2)[0] = distinct.Length;
    }
}
