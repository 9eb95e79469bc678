using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Quant;
using EdgeDL.Testing;

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

    [Theory, MemberData(nameof(Kernels))]
    public void Int8_equals_integer_arithmetic_on_every_shape(string kernel) =>
        ForEachShape(kernel, inputFlip: 0, weightFlip: 0);

    [Theory, MemberData(nameof(Kernels))]
    public void Uint8_with_both_zero_points_equals_integer_arithmetic(string kernel) =>
        ForEachShape(kernel, inputFlip: 0x80, weightFlip: 0x80);

    static void ForEachShape(string kernel, byte inputFlip, byte weightFlip)
    {
        var row = Rows().First(r => r.Name == kernel);
        int index = 0;
        foreach (var shape in ConvShapes.All())
        {
            var random = new Random(index++);
            var x = new byte[ConvShapes.InputLength(shape)];
            var w = new byte[ConvShapes.WeightLength(shape)];
            random.NextBytes(x);
            random.NextBytes(w);
            if (index % 10 == 0)
            {
                // The extremes: every product −128 · −128, or 255 · 255.
                Array.Fill(x, inputFlip == 0 ? (byte)0x80 : (byte)0xFF);
                Array.Fill(w, weightFlip == 0 ? (byte)0x80 : (byte)0xFF);
            }
            int[]? bias = index % 3 == 0
                ? null
                : [.. Enumerable.Range(0, shape.OutChannels).Select(_ => random.Next(-9999, 9999))];
            float[] scale = [.. Enumerable.Range(0, shape.OutChannels)
                .Select(_ => random.NextSingle() * 0.003f)];
            var args = new ConvS8.Args
            {
                Shape = shape,
                InputFlip = inputFlip,
                InputZero = index % 10 != 0 ? random.Next(-128, 128)
                    : index % 20 == 0 ? -128 : 127,
                WeightZero = weightFlip == 0 ? 0 : random.Next(-128, 128),
                Range = inputFlip == 0 ? new(-3, -128, 127) : new(125, 3, 255),
            };
            byte[] expected = Expect(args, x, w, weightFlip, bias, scale);
            Guard guard = index % 2 == 0 ? Guard.Start : Guard.End;
            Assert.Equal(expected, Run(row, args, x, w, weightFlip, bias, scale, 1, guard));
            Assert.Equal(expected, Run(row, args, x, w, weightFlip, bias, scale, 3, guard));
        }
    }

    static byte[] Expect(
        ConvS8.Args args, byte[] x, byte[] w, byte weightFlip, int[]? bias, float[] scale)
    {
        var sum = new int[ConvShapes.OutputLength(args.Shape)];
        ConvShapes.ForEachProduct(args.Shape, (to, from, weight) =>
        {
            if (from >= 0)
            {
                int a = args.InputFlip == 0 ? (sbyte)x[from] : x[from] - 128;
                int b = weightFlip == 0 ? (sbyte)w[weight] : w[weight] - 128;
                sum[to] += (a - args.InputZero) * (b - args.WeightZero);
            }
        });
        var y = new byte[sum.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int o = i % args.Shape.OutChannels;
            float value = (float)(sum[i] + (bias?[o] ?? 0)) * scale[o];
            double q = Math.Round((double)value, MidpointRounding.ToEven) + args.Range.Zero;
            y[i] = (byte)(int)Math.Clamp(q, args.Range.Min, args.Range.Max);
        }
        return y;
    }

    static byte[] Run(
        ConvS8.Row row, ConvS8.Args args, byte[] x, byte[] w, byte weightFlip, int[]? bias,
        float[] scale, int parts, Guard guard)
    {
        var s = args.Shape;
        using var input = new GuardedMemory<byte>(x, guard);
        using var panels = new GuardedMemory<sbyte>((int)row.PackedBytes(s), guard);
        using var packedBias = new GuardedMemory<int>(row.PackedColumns(s), guard);
        using var sums = new GuardedMemory<int>(row.PackedColumns(s), guard);
        using var packedScale = new GuardedMemory<float>(row.PackedColumns(s), guard);
        using var output = new GuardedMemory<byte>(ConvShapes.OutputLength(s), guard);
        using var scratch = new GuardedMemory<byte>((int)row.ScratchBytes(s), guard);
        args.Input = input.Pointer;
        args.Panels = panels.Pointer;
        args.Bias = packedBias.Pointer;
        args.Sums = sums.Pointer;
        args.Scale = packedScale.Pointer;
        args.Output = output.Pointer;
        fixed (byte* pw = w)
        fixed (int* pb = bias)
        fixed (float* ps = scale)
        {
            row.Pack(args, pw, weightFlip, pb, ps);
        }
        int count = row.PanelCount(s);
        for (int r = 0; r < parts; r++)
        {
            for (int p = 0; p < parts; p++)
            {
                row.Run(
                    args, s.Rows * r / parts, s.Rows * (r + 1) / parts, count * p / parts,
                    count * (p + 1) / parts, scratch.Pointer);
            }
        }
        return output.Span.ToArray();
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Dynamic_ranges_give_fp32_per_batch(string kernel)
    {
        var row = Rows().First(r => r.Name == kernel);
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
