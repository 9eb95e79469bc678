using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Reduce;

sealed class SoftmaxCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach (int n in (int[])[1, 3, 12, 37])
        {
            yield return new($"f32 {n}", new Softmax(1, 1), [F32(5, n)], r => Along(r, 1, Exp(1)));
            yield return new($"i8 {n}", new Softmax(1, 1), [I8(0.07f, 3, 5, n)],
                r => Along(r, 1, Exp(1))) { Out = [Q(1 / 256f, -128)] };
            yield return new($"u8 {n}", new Softmax(1, 1), [U8(0.07f, 99, 5, n)],
                r => Along(r, 1, Exp(1))) { Out = [Q(1 / 256f, 0)] };
            yield return new($"i8 to i16 {n}", new Softmax(1, 1), [I8(0.07f, 3, 5, n)],
                r => Along(r, 1, Exp(1))) { Out = [Q(1 / 32768f, 0)] };
            yield return new($"i16 {n}", new Softmax(1, 1), [I16(1 / 2048f, 5, n).Between(-8, 8)],
                r => Along(r, 1, Exp(1))) { Out = [Q(1 / 32768f, 0)], Steps = 16 };
            yield return new($"f32 {n}", new LogSoftmax(1), [F32(5, n)], r => Along(r, 1, Log));
            yield return new($"i8 {n}", new LogSoftmax(1), [I8(0.07f, 3, 5, n)],
                r => Along(r, 1, Log)) { Out = [Q(16 / 256f, 127)] };
            yield return new($"u8 {n}", new LogSoftmax(1), [U8(0.07f, 99, 5, n)],
                r => Along(r, 1, Log)) { Out = [Q(16 / 256f, 255)] };
            yield return new($"f32 {n}", new HardMax(1), [F32(5, n)], r => Along(r, 1, Hard));
        }

        yield return new("beta", new Softmax(1, 0.5f), [F32(3, 9)], r => Along(r, 1, Exp(0.5)));
        yield return new("axis 0", new Softmax(0, 1), [F32(7, 3, 2)], r => Along(r, 0, Exp(1)));
        yield return new("axis 1 i8", new Softmax(1, 1), [I8(0.1f, 0, 2, 7, 3)],
            r => Along(r, 1, Exp(1))) { Out = [Q(1 / 256f, -128)] };
        yield return new("axis 0", new LogSoftmax(0), [F32(7, 3)], r => Along(r, 0, Log));
        yield return new("axis 0", new HardMax(0), [F32(7, 3)], r => Along(r, 0, Hard));
        yield return new("ties", new HardMax(1), [F32(1, 4).Of(1, 3, 3, 2)],
            r => Along(r, 1, Hard));
        yield return new("empty", new Softmax(1, 1), [F32(3, 0)], r => { });
        yield return new("no rows", new Softmax(1, 1), [I8(0.1f, 0, 0, 3)], r => { })
        { Out = [Q(1 / 256f, -128)] };
    }

    static Func<double[], double[]> Exp(double beta) => x =>
    {
        double max = x.Max();
        double sum = x.Sum(v => Math.Exp(beta * (v - max)));
        return [.. x.Select(v => Math.Exp(beta * (v - max)) / sum)];
    };

    static double[] Log(double[] x)
    {
        double max = x.Max();
        double sum = x.Sum(v => Math.Exp(v - max));
        return [.. x.Select(v => v - max - Math.Log(sum))];
    }

    static double[] Hard(double[] x)
    {
        int best = Array.IndexOf(x, x.Max());
        return [.. x.Select((_, i) => i == best ? 1.0 : 0.0)];
    }

    static void Along(OpRun r, int axis, Func<double[], double[]> f)
    {
        RealTensor x = r.In(0);
        r.Each(i =>
        {
            var row = new double[x.Dim(axis)];
            int[] at = [.. i];
            for (int k = 0; k < row.Length; k++)
            {
                at[axis] = k;
                row[k] = x.At(at);
            }

            return f(row)[i[axis]];
        });
    }
}
