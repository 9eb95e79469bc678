using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Mac;

sealed class MatMulCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach ((int[] x, int[] w) in ((int[], int[])[])
            [
                ([3, 5], [5, 4]), ([2, 7, 9], [2, 9, 18]), ([2, 1, 3, 8], [4, 8, 5]),
                ([1, 6], [3, 6, 2]),
            ])
        {
            for (int swap = 0; swap < 4; swap++)
            {
                bool adjointX = (swap & 1) != 0, adjointY = (swap & 2) != 0;
                var op = new BatchMatMul(adjointX, adjointY);
                int[] a = adjointX ? Swap(x) : x;
                int[] b = adjointY ? Swap(w) : w;
                string name = $"{string.Join('x', a)} {string.Join('x', b)} {adjointX} {adjointY}";
                yield return new($"{name} f32", op, [F32(a), F32(b)], r => Product(r, op));
                yield return new($"{name} f32 const", op, [F32(a), F32(b).Constant()],
                    r => Product(r, op));
                yield return new($"{name} i8", op, [I8(0.05f, 3, a), I8(0.02f, -7, b)],
                    r => Product(r, op)) { Out = [Q(0.1f, 11)] };
                yield return new($"{name} i16", op, [I16(0.001f, a), I16(0.0005f, b)],
                    r => Product(r, op)) { Out = [Q(0.02f, 0)] };
            }
        }
    }

    static int[] Swap(int[] shape)
    {
        int[] swapped = [.. shape];
        (swapped[^1], swapped[^2]) = (swapped[^2], swapped[^1]);
        return swapped;
    }

    static void Product(OpRun r, BatchMatMul op)
    {
        RealTensor x = r.In(0), w = r.In(1);
        int depth = op.AdjointX ? x.Dim(-2) : x.Dim(-1);
        r.Each(i =>
        {
            double sum = 0;
            for (int k = 0; k < depth; k++)
            {
                int[] a = [.. i], b = [.. i];
                (a[^2], a[^1]) = op.AdjointX ? (k, i[^2]) : (i[^2], k);
                (b[^2], b[^1]) = op.AdjointY ? (i[^1], k) : (k, i[^1]);
                sum += x.Broadcast(a) * w.Broadcast(b);
            }

            return sum;
        });
    }
}
