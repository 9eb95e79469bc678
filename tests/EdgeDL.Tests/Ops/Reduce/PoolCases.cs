using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Reduce;

sealed class PoolCases : IOpCases
{
    static readonly PoolWindow2D square = new()
    {
        KernelHeight = 3, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2,
        PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1,
    };

    static readonly PoolWindow2D uneven = new()
    {
        KernelHeight = 2, KernelWidth = 3, StrideHeight = 1, StrideWidth = 2, PadRight = 2,
    };

    static readonly PoolWindow2D whole = new() { KernelHeight = 7, KernelWidth = 5 };

    public static IEnumerable<OpCase> Cases()
    {
        foreach (int channels in (int[])[1, 3, 16, 37])
        {
            foreach ((string name, PoolWindow2D w) in Windows())
            {
                string at = $"{name} x{channels}";
                int[] x = [2, 7, 5, channels];
                yield return new($"{at} f32", new AveragePool2D(w, Activation.None),
                    [F32(x)], r => Pool(r, w, Average));
                yield return new($"{at} i8", new AveragePool2D(w, Activation.None),
                    [I8(0.1f, -3, x)], r => Pool(r, w, Average)) { Out = [Q(0.1f, -3)] };
                yield return new($"{at} u8", new AveragePool2D(w, Activation.None),
                    [U8(0.1f, 130, x)], r => Pool(r, w, Average)) { Out = [Q(0.1f, 130)] };
                yield return new($"{at} i16", new AveragePool2D(w, Activation.None),
                    [I16(0.01f, x)], r => Pool(r, w, Average)) { Out = [Q(0.01f, 0)] };
                yield return new($"{at} f32", new MaxPool2D(w, Activation.None),
                    [F32(x)], r => Pool(r, w, v => v.Max()));
                yield return new($"{at} i8", new MaxPool2D(w, Activation.None),
                    [I8(0.1f, -3, x)], r => Pool(r, w, v => v.Max()))
                { Out = [Q(0.1f, -3)], Steps = 0 };
                yield return new($"{at} u8", new MaxPool2D(w, Activation.None),
                    [U8(0.1f, 130, x)], r => Pool(r, w, v => v.Max()))
                { Out = [Q(0.1f, 130)], Steps = 0 };
                yield return new($"{at} i16", new MaxPool2D(w, Activation.None),
                    [I16(0.01f, x)], r => Pool(r, w, v => v.Max()))
                { Out = [Q(0.01f, 0)], Steps = 0 };
                yield return new($"{at} f32", new L2Pool2D(w, Activation.None),
                    [F32(x)], r => Pool(r, w, v => Math.Sqrt(v.Average(e => e * e))));
            }
        }

        yield return new("relu6", new AveragePool2D(square, Activation.Relu6),
            [F32(1, 7, 5, 8).Between(-9, 18)],
            r => Pool(r, square, v => Math.Clamp(v.Average(), 0, 6)));
        yield return new("relu i8", new MaxPool2D(square, Activation.Relu),
            [I8(0.1f, 5, 1, 7, 5, 8)], r => Pool(r, square, v => Math.Max(0, v.Max())))
        { Out = [Q(0.1f, 5)], Steps = 0 };
        yield return new("relu6 u8", new AveragePool2D(square, Activation.Relu6),
            [U8(0.1f, 100, 1, 7, 5, 20)],
            r => Pool(r, square, v => Math.Clamp(v.Average(), 0, 6))) { Out = [Q(0.1f, 100)] };
        yield return new("batch 0", new MaxPool2D(square, Activation.None),
            [F32(0, 7, 5, 8)], r => Pool(r, square, v => v.Max()));
    }

    static IEnumerable<(string Name, PoolWindow2D Window)> Windows() =>
        [("3x3 s2", square), ("2x3", uneven), ("whole", whole)];

    static double Average(List<double> window) => window.Average();

    static void Pool(OpRun r, PoolWindow2D w, Func<List<double>, double> f)
    {
        RealTensor x = r.In(0);
        var window = new List<double>();
        r.Each(i =>
        {
            window.Clear();
            for (int ky = 0; ky < w.KernelHeight; ky++)
            {
                for (int kx = 0; kx < w.KernelWidth; kx++)
                {
                    int y = i[1] * w.StrideHeight - w.PadTop + ky;
                    int z = i[2] * w.StrideWidth - w.PadLeft + kx;
                    if (y >= 0 && y < x.Dim(1) && z >= 0 && z < x.Dim(2))
                    {
                        window.Add(x.At(i[0], y, z, i[3]));
                    }
                }
            }

            return f(window);
        });
    }
}
