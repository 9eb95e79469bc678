using System.Runtime.InteropServices;
using EdgeDL.Kernels.Conv;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Conv;

public sealed unsafe class ConvF32Tests
{
    public static TheoryData<string> Kernels()
    {
        var names = new TheoryData<string>();
        foreach (var row in ConvF32.Rows().Where(r => r.IsSupported))
        {
            names.Add(row.Name);
        }
        return names;
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Every_row_equals_double_arithmetic_on_every_shape(string kernel)
    {
        var row = ConvF32.Rows().First(r => r.Name == kernel);
        int index = 0;
        foreach (var shape in ConvShapes.All())
        {
            var random = new Random(index++);
            float[] x = Fill(random, ConvShapes.InputLength(shape));
            float[] w = Fill(random, ConvShapes.WeightLength(shape));
            float[]? bias = index % 3 == 0 ? null : Fill(random, shape.OutChannels);
            float min = index % 4 == 0 ? 0 : float.NegativeInfinity;
            float max = index % 4 == 0 ? 1.5f : float.PositiveInfinity;
            Guard guard = index % 2 == 0 ? Guard.Start : Guard.End;
            float[] whole = Run(row, shape, x, w, bias, min, max, 1, guard);
            float[] cut = Run(row, shape, x, w, bias, min, max, 3, Guard.End);
            Assert.True(
                MemoryMarshal.AsBytes<float>(whole)
                    .SequenceEqual(MemoryMarshal.AsBytes<float>(cut)),
                $"{shape}: another cut, other bits");
            Compare(shape, x, w, bias, min, max, whole);
        }
    }

    static float[] Fill(Random random, int length)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = random.NextSingle() * 2 - 1;
        }
        return values;
    }

    static float[] Run(
        ConvF32.Row row, ConvShape s, float[] x, float[] w, float[]? bias, float min, float max,
        int parts, Guard guard)
    {
        using var input = new GuardedMemory<float>(x, guard);
        using var panels = new GuardedMemory<float>((int)row.PackedFloats(s), guard);
        using var output = new GuardedMemory<float>(ConvShapes.OutputLength(s), guard);
        using var scratch = new GuardedMemory<byte>((int)row.ScratchBytes(s), guard);
        fixed (float* pw = w)
        fixed (float* pb = bias)
        {
            row.Pack(s, pw, pb, panels.Pointer);
        }
        var args = new ConvF32.Args
        {
            Shape = s,
            Input = input.Pointer,
            Output = output.Pointer,
            Panels = panels.Pointer,
            Min = min,
            Max = max,
        };
        int panelCount = row.PanelCount(s);
        for (int r = 0; r < parts; r++)
        {
            for (int p = 0; p < parts; p++)
            {
                row.Run(
                    args, s.Rows * r / parts, s.Rows * (r + 1) / parts,
                    panelCount * p / parts, panelCount * (p + 1) / parts, scratch.Pointer);
            }
        }
        return output.Span.ToArray();
    }

    static void Compare(
        ConvShape s, float[] x, float[] w, float[]? bias, float min, float max, float[] y)
    {
        var sum = new double[y.Length];
        var size = new double[y.Length];
        ConvShapes.ForEachProduct(s, (to, from, weight) =>
        {
            if (from >= 0)
            {
                double product = (double)x[from] * w[weight];
                sum[to] += product;
                size[to] += Math.Abs(product);
            }
        });
        for (int i = 0; i < y.Length; i++)
        {
            double expected = Math.Clamp(sum[i] + (bias?[i % s.OutChannels] ?? 0), min, max);
            double tolerance = 1e-6 * (size[i] + 1);
            Assert.True(
                Math.Abs(expected - y[i]) <= tolerance, $"{s}: y[{i}] {y[i]} for {expected}");
        }
    }

    // A float near 1000 is 6.1e-5 from the next; 128 terms are three sums, each rounded once.
    [Theory, MemberData(nameof(Kernels))]
    public void A_large_bias_rounds_few_sums(string kernel) => Off(kernel, 128, -1000, 1e-4);

    // Sums of 640 products near 10, where a float is 9.5e-7 from the next.
    [Theory, MemberData(nameof(Kernels))]
    public void A_long_sum_keeps_its_digits(string kernel) => Off(kernel, 640, 0, 6e-6);

    static void Off(string kernel, int depth, float bias, double most)
    {
        const int Rows = 7, Columns = 40;
        var row = ConvF32.Rows().First(r => r.Name == kernel);
        float[] x = Fill(new Random(1), Rows * depth), w = Fill(new Random(2), depth * Columns);
        float[] biases = new float[Columns];
        Array.Fill(biases, bias);
        float[] y = Run(
            row, ConvShape.MatMul(Rows, depth, Columns), x, w, biases,
            float.NegativeInfinity, float.PositiveInfinity, 1, Guard.End);
        for (int i = 0; i < y.Length; i++)
        {
            double sum = bias;
            for (int k = 0; k < depth; k++)
            {
                sum += (double)x[(i / Columns * depth) + k] * w[(i % Columns * depth) + k];
            }

            Assert.True(Math.Abs(y[i] - sum) <= most, $"[{i}] off by {Math.Abs(y[i] - sum)}");
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Clamp_keeps_NaN(string kernel)
    {
        var row = ConvF32.Rows().First(r => r.Name == kernel);
        float[] y = Run(
            row, ConvShape.MatMul(1, 1, 1), [float.NaN], [1f], null, 0, 6, 1, Guard.End);
        Assert.True(float.IsNaN(y[0]));
    }
}
