using System.Runtime.InteropServices;
using EdgeDL.Kernels.Conv;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Conv;

/// <summary>Holds a row of an fp32 convolution to double arithmetic.</summary>
static unsafe class ConvF32Check
{
    /// <summary>Random values by every shape, with and without bias and bounds, in whole and cut.
    /// </summary>
    public static void Every(ConvF32.Row row, IEnumerable<ConvShape> shapes)
    {
        int index = 0;
        foreach (var shape in shapes)
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

    public static float[] Fill(Random random, int length)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = random.NextSingle() * 2 - 1;
        }
        return values;
    }

    public static float[] Run(
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
        int panelCount = row.PanelCount(s), units = row.Units(s);
        for (int r = 0; r < parts; r++)
        {
            for (int p = 0; p < parts; p++)
            {
                row.Run(
                    args, units * r / parts, units * (r + 1) / parts,
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
}
