using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Reduce;

sealed class NormalizeCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach (int n in (int[])[1, 6, 32])
        {
            Arg gamma = F32(n).Between(0.5, 2).Constant();
            Arg beta = F32(n).Between(-1, 1).Constant();
            yield return new($"rows {n}", new LayerNorm(2, 1e-3f), [F32(3, 5, n), gamma, beta],
                r => Rows(r, 2, 1e-3, centred: true)) { Absolute = 1e-5, Extremes = false };
            yield return new($"plain {n}", new LayerNorm(1, 1e-3f), [F32(3, 5, n)],
                r => Rows(r, 1, 1e-3, centred: true)) { Absolute = 1e-5, Extremes = false };
            yield return new($"rows {n}", new RmsNorm(2, 1e-3f), [F32(3, 5, n), gamma],
                r => Rows(r, 2, 1e-3, centred: false)) { Absolute = 1e-5 };
            yield return new($"image {n}", new InstanceNorm(1e-3f), [F32(2, 4, 5, n), gamma, beta],
                r => Groups(r, n, 1e-3)) { Absolute = 1e-5, Extremes = false };
            yield return new($"pixels {n}", new BatchNorm(1e-3f),
                [F32(2, 4, 5, n), gamma, beta, beta, gamma], Batch) { Absolute = 1e-5 };
            yield return new($"f32 {n}", new L2Normalization(), [F32(3, 5, n)], L2);
            yield return new($"i8 {n}", new L2Normalization(), [I8(0.1f, 3, 3, 5, n)], L2)
            { Out = [Q(1 / 128f, 0)] };
            yield return new($"u8 {n}", new L2Normalization(), [U8(0.1f, 120, 3, 5, n)], L2)
            { Out = [Q(1 / 128f, 128)] };
        }

        yield return new("3 groups", new GroupNorm(3, 1e-3f),
            [F32(2, 4, 5, 6), F32(6).Constant(), F32(6).Constant()], r => Groups(r, 3, 1e-3))
        { Absolute = 1e-5, Extremes = false };
        yield return new("1 group", new GroupNorm(1, 1e-3f), [F32(2, 9, 6)],
            r => Groups(r, 1, 1e-3)) { Absolute = 1e-5, Extremes = false };
        foreach (int radius in (int[])[0, 2, 50])
        {
            yield return new($"radius {radius}",
                new LocalResponseNormalization(radius, 1f, 0.01f, 0.75f), [F32(2, 3, 3, 11)],
                r => Local(r, radius)) { Relative = 2e-5 };
        }
    }

    static void Rows(OpRun r, int axis, double epsilon, bool centred)
    {
        RealTensor x = r.In(0);
        int length = 1;
        for (int i = axis; i < x.Rank; i++)
        {
            length *= x.Dim(i);
        }

        for (int row = 0; row < x.Count / length; row++)
        {
            double[] v = x.Values[(row * length)..((row + 1) * length)];
            double mean = centred ? v.Average() : 0;
            double scale = 1 / Math.Sqrt(v.Average(e => (e - mean) * (e - mean)) + epsilon);
            for (int i = 0; i < length; i++)
            {
                r.Out(0)[row * length + i] = (v[i] - mean) * scale
                    * (r.HasInput(1) ? r.In(1)[i] : 1) + (r.HasInput(2) ? r.In(2)[i] : 0);
            }
        }
    }

    static void Groups(OpRun r, int groups, double epsilon)
    {
        RealTensor x = r.In(0);
        int channels = x.Dim(-1);
        int size = channels / groups;
        int batch = x.Count / x.Dim(0);
        for (int i = 0; i < x.Count; i++)
        {
            int c = i % channels;
            double[] v = [.. Enumerable.Range(i / batch * batch, batch)
                .Where(k => k % channels / size == c / size).Select(k => x[k])];
            double mean = v.Average();
            double scale = 1 / Math.Sqrt(v.Average(e => (e - mean) * (e - mean)) + epsilon);
            r.Out(0)[i] = (x[i] - mean) * scale * (r.HasInput(1) ? r.In(1)[c] : 1)
                + (r.HasInput(2) ? r.In(2)[c] : 0);
        }
    }

    static void Batch(OpRun r)
    {
        RealTensor x = r.In(0);
        for (int i = 0; i < x.Count; i++)
        {
            int c = i % x.Dim(-1);
            r.Out(0)[i] = (x[i] - r.In(3)[c]) / Math.Sqrt(r.In(4)[c] + 1e-3f) * r.In(1)[c]
                + r.In(2)[c];
        }
    }

    static void L2(OpRun r)
    {
        RealTensor x = r.In(0);
        int length = x.Dim(-1);
        for (int i = 0; i < x.Count; i++)
        {
            int row = i / length * length;
            double norm = Math.Sqrt(x.Values[row..(row + length)].Sum(e => e * e));
            r.Out(0)[i] = x[i] / Math.Max(norm, 1e-6);
        }
    }

    static void Local(OpRun r, int radius)
    {
        RealTensor x = r.In(0);
        int channels = x.Dim(-1);
        for (int i = 0; i < x.Count; i++)
        {
            int c = i % channels;
            double sum = 0;
            for (int k = Math.Max(0, c - radius); k <= Math.Min(channels - 1, c + radius); k++)
            {
                sum += x[i - c + k] * x[i - c + k];
            }

            r.Out(0)[i] = x[i] * Math.Pow(1 + 0.01f * sum, -0.75);
        }
    }
}
