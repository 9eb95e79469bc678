using EdgeDL.Kernels.Conv;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Conv;

/// <summary>int8 convolution rows against integer arithmetic, to the bit.</summary>
static unsafe class ConvS8Check
{
    /// <summary>Every shape with random values or extremes, in whole and cut into nine.</summary>
    /// <param name="row">What is checked.</param>
    /// <param name="shapes">What it computes.</param>
    /// <param name="inputFlip">0x80 for uint8 inputs.</param>
    /// <param name="weightFlip">0x80 for uint8 weights.</param>
    /// <param name="weightZero">Theirs as int8, or null for any.</param>
    public static void Every(
        ConvS8.Row row, IEnumerable<ConvShape> shapes, byte inputFlip, byte weightFlip,
        int? weightZero = null)
    {
        int index = 0;
        foreach (ConvShape shape in shapes)
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
                WeightZero = weightZero ?? (weightFlip == 0 ? 0 : random.Next(-128, 128)),
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

    /// <summary>The row's output, from memory that ends or begins at a guard page.</summary>
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
        int count = row.PanelCount(s), units = row.Units(s);
        for (int r = 0; r < parts; r++)
        {
            for (int p = 0; p < parts; p++)
            {
                row.Run(
                    args, units * r / parts, units * (r + 1) / parts, count * p / parts,
                    count * (p + 1) / parts, scratch.Pointer);
            }
        }
        return output.Span.ToArray();
    }
}
