using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Reduce;

/// <summary>Arg max and min, cumulative sums, top-k.</summary>
sealed class OrderCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach (Arg x in (Arg[])[F32(3, 7, 4), I32(3, 7, 4), I64(3, 7, 4), I16(1, 3, 7, 4),
            Plain(DType.UInt16, 3, 7, 4), Plain(DType.UInt32, 3, 7, 4)])
        {
            foreach (int axis in (int[])[0, 1, 2])
            {
                string name = $"{x.Type} axis {axis}";
                yield return new(name, new ArgMax(axis, false, DType.Int32), [x],
                    r => Arg(r, axis, false, (a, b) => a > b));
                yield return new($"{name} keep", new ArgMin(axis, true, DType.Int64), [x],
                    r => Arg(r, axis, true, (a, b) => a < b));
            }
        }

        yield return new("i8", new ArgMax(1, false, DType.Int64), [I8(0.1f, 3, 5, 9)],
            r => Arg(r, 1, false, (a, b) => a > b));
        yield return new("u8", new ArgMin(1, false, DType.Int32), [U8(0.1f, 3, 5, 9)],
            r => Arg(r, 1, false, (a, b) => a < b));
        foreach ((bool exclusive, bool reverse) in
            (IEnumerable<(bool, bool)>)[(false, false), (true, false), (false, true), (true, true)])
        {
            string name = $"exclusive {exclusive} reverse {reverse}";
            foreach (Arg x in (Arg[])[F32(2, 5, 3), I32(2, 5, 3), I64(2, 5, 3),
                Plain(DType.UInt32, 2, 5, 3)])
            {
                yield return new($"{name} {x.Type}", new CumSum(1, exclusive, reverse), [x],
                    r => Cumulate(r, exclusive, reverse)) { Absolute = 1e-5 };
            }
        }

        foreach (int n in (int[])[0, 1, 2, 5])
        {
            yield return new($"{n}", new Determinant(), [F32(3, n, n)],
                r => r.Each(i => Determinant(r.In(0), i[0], [], 0)))
            { Absolute = 1e-4, Extremes = n < 5 };
        }

        yield return new("zero pivot", new Determinant(), [F32(2, 2).Of(0, 2, 3, 4)],
            r => r.Each(i => -6));
        foreach (int k in (int[])[0, 1, 4, 9])
        {
            foreach (bool largest in (bool[])[true, false])
            {
                string which = $"{(largest ? "largest" : "smallest")} {k}";
                foreach (Arg x in (Arg[])[F32(5, 9), I32(5, 9), Plain(DType.UInt64, 5, 9)])
                {
                    yield return new($"{x.Type} {which}", new TopK(k, largest), [x],
                        r => Top(r, largest)) { Out = [null, null] };
                }

                yield return new($"i8 {which}", new TopK(k, largest), [I8(0.5f, 2, 5, 9)],
                    r => Top(r, largest)) { Out = [Q(0.5f, 2), null] };
            }
        }
    }

    static void Arg(OpRun r, int axis, bool keep, Func<double, double, bool> better)
    {
        RealTensor x = r.In(0);
        r.Each(i =>
        {
            int[] at = keep ? [.. i] : [.. i[..axis], 0, .. i[axis..]];
            int best = 0;
            double bestValue = double.NaN;
            for (int k = 0; k < x.Dim(axis); k++)
            {
                at[axis] = k;
                if (k == 0 || better(x.At(at), bestValue))
                {
                    (best, bestValue) = (k, x.At(at));
                }
            }

            return best;
        });
    }

    static void Cumulate(OpRun r, bool exclusive, bool reverse)
    {
        RealTensor x = r.In(0);
        r.Each(i =>
        {
            double sum = 0;
            for (int k = 0; k < x.Dim(1); k++)
            {
                bool before = reverse ? k > i[1] : k < i[1];
                sum += before || (k == i[1] && !exclusive) ? x.At(i[0], k, i[2]) : 0;
            }

            return sum;
        });
    }

    // Laplace expansion along the rows: the sum over the columns not yet used.
    static double Determinant(RealTensor x, int matrix, int[] used, int row)
    {
        double sum = row == x.Dim(1) ? 1 : 0;
        int sign = 1;
        for (int column = 0; column < x.Dim(1) && row < x.Dim(1); column++)
        {
            if (!used.Contains(column))
            {
                sum += sign * x.At(matrix, row, column)
                    * Determinant(x, matrix, [.. used, column], row + 1);
                sign = -sign;
            }
        }

        return sum;
    }

    static void Top(OpRun r, bool largest)
    {
        RealTensor x = r.In(0);
        int k = r.Out(0).Dim(1);
        for (int row = 0; row < x.Dim(0); row++)
        {
            int[] order = [.. Enumerable.Range(0, x.Dim(1)).OrderBy(i =>
                largest ? -x.At(row, i) : x.At(row, i))];
            for (int i = 0; i < k; i++)
            {
                r.Out(0).At(row, i) = x.At(row, order[i]);
                r.Out(1).At(row, i) = order[i];
            }
        }
    }
}
