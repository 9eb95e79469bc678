using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Signal;

sealed class DftCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach (int n in (int[])[1, 2, 7, 8, 12, 15, 22])
        {
            foreach (bool inverse in (bool[])[false, true])
            {
                yield return Case($"complex {n} {inverse}", 1, n, inverse, false, [2, n, 3, 2]);
                yield return Case($"real {n} {inverse}", 0, n, inverse, false, [n, 2, 1]);
            }

            yield return Case($"one-sided {n}", 1, n, false, true, [2, n, 1]);
            yield return Case($"one-sided inverse {n}", 1, n, true, true, [2, (n / 2) + 1, 2]);
        }

        yield return Case("padded", 0, 10, false, false, [6, 2]);
        yield return Case("cut", 0, 5, false, true, [9, 1]);
        yield return Case("few bins", 0, 9, true, true, [3, 2]);
        yield return Case("many bins", 0, 4, true, true, [7, 2]);
    }

    static OpCase Case(string name, int axis, int n, bool inverse, bool oneSided, int[] x) =>
        new(name, new Dft(axis, n, inverse, oneSided), [F32(x)],
            r => Transform(r, axis, n, inverse, oneSided)) { Absolute = 1e-5 };

    static void Transform(OpRun r, int axis, int n, bool inverse, bool oneSided)
    {
        RealTensor x = r.In(0);
        r.Each(to =>
        {
            double sum = 0;
            for (int k = 0; k < n; k++)
            {
                // The other half of a one-sided spectrum is its mirrored conjugate.
                bool isMirrored = inverse && oneSided && k > n / 2;
                int from = isMirrored ? n - k : k;
                if (from >= x.Dim(axis))
                {
                    continue;
                }

                int[] at = [.. to];
                at[axis] = from;
                at[^1] = 0;
                double re = x.At(at);
                at[^1] = 1;
                double im = x.Dim(-1) == 1 ? 0 : isMirrored ? -x.At(at) : x.At(at);
                // The numbers that have no imaginary part lose it.
                if (inverse && oneSided && (k == 0 || 2 * k == n))
                {
                    im = 0;
                }

                double turn = (inverse ? 2 : -2) * Math.PI * k * to[axis] / n;
                sum += to[^1] == 0
                    ? (re * Math.Cos(turn)) - (im * Math.Sin(turn))
                    : (re * Math.Sin(turn)) + (im * Math.Cos(turn));
            }

            return inverse ? sum / n : sum;
        });
    }
}
