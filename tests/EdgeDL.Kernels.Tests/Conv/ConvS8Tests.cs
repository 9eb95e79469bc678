using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Tests.Conv;

public sealed unsafe class ConvS8Tests
{
    public static TheoryData<string> Kernels()
    {
        var names = new TheoryData<string>();
        foreach (var row in Rows())
        {
            names.Add(row.Name);
        }
        return names;
    }

    static IEnumerable<ConvS8.Row> Rows() =>
        [.. ConvS8.Rows().Where(r => r.IsSupported), ConvS8.Make<UnsignedTile>("UnsignedTile")];

    static ConvS8.Row Row(string kernel) => Rows().First(r => r.Name == kernel);

    [Theory, MemberData(nameof(Kernels))]
    public void Int8_equals_integer_arithmetic_on_every_shape(string kernel) =>
        ConvS8Check.Every(Row(kernel), ConvShapes.All(), inputFlip: 0, weightFlip: 0);

    [Theory, MemberData(nameof(Kernels))]
    public void Uint8_with_both_zero_points_equals_integer_arithmetic(string kernel) =>
        ConvS8Check.Every(Row(kernel), ConvShapes.All(), inputFlip: 0x80, weightFlip: 0x80);

    [Theory, MemberData(nameof(Kernels))]
    public void Dynamic_ranges_give_fp32_per_batch(string kernel)
    {
        ConvS8.Row row = Row(kernel);
        var shape = new ConvShape
        {
            Batch = 2, InHeight = 4, InWidth = 3, InChannels = 5, OutHeight = 4, OutWidth = 3,
            OutChannels = 7, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1,
        };
        var random = new Random(5);
        var x = new byte[ConvShapes.InputLength(shape)];
        var w = new byte[ConvShapes.WeightLength(shape)];
        random.NextBytes(x);
        random.NextBytes(w);
        float[] scale = [.. Enumerable.Range(1, 7).Select(i => i * 0.01f)];
        var bias = new float[row.PackedColumns(shape)];
        for (int i = 0; i < 7; i++)
        {
            bias[i] = i - 3;
        }
        DynamicRange[] ranges = [new(0.5f, -7), new(0.25f, 100)];
        var y = new float[ConvShapes.OutputLength(shape)];
        var panels = new sbyte[row.PackedBytes(shape)];
        var padded = row.PackedColumns(shape);
        int[] packedBias = new int[padded], sums = new int[padded];
        var packedScale = new float[padded];
        var scratch = new byte[row.ScratchBytes(shape)];
        fixed (byte* px = x, pw = w, pt = scratch)
        fixed (sbyte* pp = panels)
        fixed (int* pb = packedBias, pm = sums)
        fixed (float* ps = scale, pps = packedScale, pbf = bias, py = y)
        fixed (DynamicRange* pr = ranges)
        {
            var args = new ConvS8.Args
            {
                Shape = shape, Input = px, Panels = pp, Bias = pb, Sums = pm, Scale = pps,
                Ranges = pr, OutputF32 = py, BiasF32 = pbf, Min = -50, Max = 60,
            };
            row.Pack(args, pw, 0, null, ps);
            row.Run(args, 0, shape.Rows, 0, row.PanelCount(shape), pt);
        }
        var sum = new double[y.Length];
        ConvShapes.ForEachProduct(shape, (to, from, weight) =>
        {
            var range = ranges[to / (y.Length / 2)];
            sum[to] += from < 0
                ? 0
                : ((sbyte)x[from] - range.Zero) * (double)range.Scale * (sbyte)w[weight]
                    * scale[to % 7];
        });
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(Math.Clamp(sum[i] + bias[i % 7], -50, 60), y[i], 1e-3);
        }
    }
}
