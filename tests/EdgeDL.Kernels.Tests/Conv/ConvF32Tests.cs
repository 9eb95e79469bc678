using EdgeDL.Kernels.Conv;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Conv;

public sealed class ConvF32Tests
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
        ConvF32Check.Every(row, ConvShapes.All());
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
        float[] x = ConvF32Check.Fill(new Random(1), Rows * depth);
        float[] w = ConvF32Check.Fill(new Random(2), depth * Columns);
        float[] biases = new float[Columns];
        Array.Fill(biases, bias);
        float[] y = ConvF32Check.Run(
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
        float[] y = ConvF32Check.Run(
            row, ConvShape.MatMul(1, 1, 1), [float.NaN], [1f], null, 0, 6, 1, Guard.End);
        Assert.True(float.IsNaN(y[0]));
    }
}
