using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Movement;

/// <summary>Ops whose every output element is one input element.</summary>
sealed class CopyCases : IOpCases
{
    public static IEnumerable<OpCase> Cases() =>
        [.. Joins(), .. Cuts(), .. Borders(), .. Repeats(), .. Blocks()];

    static IEnumerable<OpCase> Joins()
    {
        Action<OpRun> last = r => Concat(r, 1);
        yield return new("f32", new Concat(1), [F32(2, 3), F32(2, 1), F32(2, 4)], last);
        yield return new("bool", new Concat(0), [Bool(3), Bool(2)], r => Concat(r, 0));
        yield return new("one", new Concat(0), [F32(3)], r => Concat(r, 0));
        yield return new("empty part", new Concat(1), [F32(2, 0), F32(2, 4)], last);
        yield return new("i8", new Concat(1), [I8(0.5f, 1, 2, 3), I8(0.5f, 1, 2, 2)], last)
        { Out = [Q(0.5f, 1)] };
        yield return new("u8 rescaled", new Concat(1), [U8(0.5f, 9, 2, 3), U8(0.3f, 77, 2, 5)],
            last)
        { Out = [Q(0.5f, 9)] };
        yield return new("i8 rescaled", new Concat(1), [I8(0.1f, 9, 2, 3), I8(0.3f, -7, 2, 5)],
            last)
        { Out = [Q(0.25f, 0)] };
        yield return new("f32", new Pack(1), [F32(2, 3), F32(2, 3)],
            r => r.Each(i => r.In(i[1]).At(i[0], i[2]))) { Shapes = [[2, 2, 3]] };
        yield return new("scalars", new Pack(0), [I32(), I32(), I32()],
            r => r.Each(i => r.In(i[0])[0]));
    }

    static void Concat(OpRun r, int axis) => r.Each(i =>
    {
        int[] at = [.. i];
        int input = 0;
        while (at[axis] >= r.In(input).Dim(axis))
        {
            at[axis] -= r.In(input++).Dim(axis);
        }

        return r.In(input).At(at);
    });

    static IEnumerable<OpCase> Cuts()
    {
        yield return new("steps", new StridedSlice([1, 4], [2, 3], [2, -2], [2, 3]), [F32(5, 6)],
            r => r.Each(i => r.In(0).At(1 + (2 * i[0]), 4 - (2 * i[1]))));
        yield return new("squeezed", new StridedSlice([1, 0], [1, 6], [1, 1], [6]), [I32(5, 6)],
            r => r.Each(i => r.In(0).At(1, i[0])));
        yield return new("f32", new DynamicSlice([2, 3]),
            [F32(4, 5), I32(2).Between(-1, 4)],
            r => r.Each(i => r.In(0).At(i[0] + Start(r, 1, 0, 2), i[1] + Start(r, 1, 1, 2))));
        yield return new("f32", new DynamicUpdateSlice(),
            [F32(4, 5), F32(2, 3), I64(2).Between(-1, 4)],
            r => r.Each(i =>
            {
                int a = i[0] - Start(r, 2, 0, 2);
                int b = i[1] - Start(r, 2, 1, 2);
                return a is >= 0 and < 2 && b is >= 0 and < 3
                    ? r.In(1).At(a, b)
                    : r.In(0).At(i);
            }));
    }

    static int Start(OpRun r, int input, int axis, int most) =>
        Math.Clamp((int)r.In(input)[axis], 0, most);

    static IEnumerable<OpCase> Borders()
    {
        yield return new("reflect", new MirrorPad([2, 1], [1, 2], false), [F32(3, 4)],
            r => r.Each(i => r.In(0).At(Mirror(i[0] - 2, 3, 0), Mirror(i[1] - 1, 4, 0))));
        yield return new("symmetric", new MirrorPad([3, 1], [1, 2], true),
            [I8(0.5f, 3, 3, 4)],
            r => r.Each(i => r.In(0).At(Mirror(i[0] - 3, 3, 1), Mirror(i[1] - 1, 4, 1))))
        { Out = [Q(0.5f, 3)] };
    }

    static int Mirror(int i, int n, int repeat) =>
        i < 0 ? -i - repeat : i >= n ? (2 * n) - 2 + repeat - i : i;

    static IEnumerable<OpCase> Repeats()
    {
        yield return new("f32", new Tile([2, 3]), [F32(3, 2)],
            r => r.Each(i => r.In(0).At(i[0] % 3, i[1] % 2)));
        yield return new("none", new Tile([0, 3]), [F32(3, 2)], r => { });
        yield return new("f32", new BroadcastTo([2, 3, 4]), [F32(3, 1)],
            r => r.Each(i => r.In(0).Broadcast(i)));
        yield return new("f32", new Reverse([1]), [F32(3, 5, 2)],
            r => r.Each(i => r.In(0).At(i[0], 4 - i[1], i[2])));
        yield return new("steps first", new ReverseSequence(0, 2),
            [F32(4, 2, 3), I32(3).Between(0, 4)],
            r => r.Each(i => r.In(0).At(Turn(i[0], (int)r.In(1)[i[2]]), i[1], i[2])));
        yield return new("batch first", new ReverseSequence(1, 0),
            [I32(2, 4), I64(2).Between(0, 4)],
            r => r.Each(i => r.In(0).At(i[0], Turn(i[1], (int)r.In(1)[i[0]]))));
        yield return new("f32", new ConstantFill([2, 3]), [F32()],
            r => r.Each(_ => r.In(0)[0]));
        yield return new("i8", new ZerosLike(), [I8(0.5f, 7, 2, 3)], r => { })
        { Out = [Q(0.5f, 7)] };
        yield return new("f32", new MatrixDiag(), [F32(2, 3)],
            r => r.Each(i => i[1] == i[2] ? r.In(0).At(i[0], i[1]) : 0));
        yield return new("f32", new MatrixSetDiag(), [F32(2, 3, 4), F32(2, 3)],
            r => r.Each(i => i[1] == i[2] ? r.In(1).At(i[0], i[1]) : r.In(0).At(i)));
    }

    static int Turn(int step, int length) => step < length ? length - 1 - step : step;

    static IEnumerable<OpCase> Blocks()
    {
        yield return new("f32", new SpaceToDepth(2), [F32(2, 4, 6, 3)],
            r => r.Each(i => r.In(0).At(
                i[0], (2 * i[1]) + (i[3] / 6), (2 * i[2]) + (i[3] / 3 % 2), i[3] % 3)));
        yield return new("f32", new DepthToSpace(2, false), [F32(2, 2, 3, 12)],
            r => r.Each(i => r.In(0).At(
                i[0], i[1] / 2, i[2] / 2, (((i[1] % 2 * 2) + (i[2] % 2)) * 3) + i[3])));
        yield return new("column first", new DepthToSpace(2, true), [F32(1, 2, 3, 12)],
            r => r.Each(i => r.In(0).At(
                i[0], i[1] / 2, i[2] / 2, (i[3] * 4) + (i[1] % 2 * 2) + (i[2] % 2))));
        yield return new("i8", new SpaceToBatchNd([2, 3], [1, 0], [2, 1]),
            [I8(0.5f, 4, 2, 3, 5, 2)], r => r.Each(i =>
            {
                int place = i[0] / 2;
                int a = (i[1] * 2) + (place / 3) - 1;
                int b = (i[2] * 3) + (place % 3);
                return a is >= 0 and < 3 && b < 5 ? r.In(0).At(i[0] % 2, a, b, i[3]) : 0;
            })) { Out = [Q(0.5f, 4)] };
        yield return new("f32", new BatchToSpaceNd([2, 3], [1, 0], [0, 1]), [F32(12, 2, 2, 2)],
            r => r.Each(i =>
            {
                int a = i[1] + 1;
                int b = i[2];
                return r.In(0).At((((a % 2 * 3) + (b % 3)) * 2) + i[0], a / 2, b / 3, i[3]);
            }));
    }
}
