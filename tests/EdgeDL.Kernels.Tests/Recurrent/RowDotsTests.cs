using EdgeDL.Kernels.Recurrent;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Recurrent;

public sealed unsafe class RowDotsTests
{
    public static TheoryData<string> FloatRows() =>
        [.. RowDots.FloatRows().Where(r => r.IsSupported).Select(r => r.Name)];

    public static TheoryData<string> Int8Rows() =>
        [.. RowDots.Int8Rows().Where(r => r.IsSupported).Select(r => r.Name)];

    [Theory, MemberData(nameof(FloatRows))]
    public void Fp32_is_near_the_double_sum_at_every_length(string name)
    {
        RowDots.FloatRow row = RowDots.FloatRows().Single(r => r.Name == name);
        foreach (int n in Lengths.Short)
        {
            using var w = new GuardedMemory<float>(Fill.Float32(3 * n, n, -1, 1), Guard.End);
            using var x = new GuardedMemory<float>(Fill.Float32(n, n + 1, -1, 1), Guard.End);
            using var y = new GuardedMemory<float>([1f, 2f, 3f], Guard.End);
            row.Run(w.Pointer, x.Pointer, 3, n, y.Pointer);
            double[] expected = [1, 2, 3];
            for (int i = 0; i < 3 * n; i++)
            {
                expected[i / n] += (double)w.Span[i] * x.Span[i % n];
            }

            Check.Near(expected, y.Span, 1e-5, 1e-5, $"{name} n={n}");
        }
    }

    [Theory, MemberData(nameof(Int8Rows))]
    public void Int8_equals_the_exact_sum_at_every_length_and_extreme(string name)
    {
        RowDots.Int8Row row = RowDots.Int8Rows().Single(r => r.Name == name);
        foreach (Pattern pattern in Fill.Patterns)
        {
            foreach (int n in Lengths.Short)
            {
                using var w = new GuardedMemory<sbyte>(Fill.Int8(3 * n, n, pattern), Guard.End);
                using var x = new GuardedMemory<sbyte>(Fill.Int8(n, n + 1, pattern), Guard.End);
                using var y = new GuardedMemory<int>([1, 2, 3], Guard.End);
                row.Run(w.Pointer, x.Pointer, 3, n, y.Pointer);
                int[] expected = [1, 2, 3];
                for (int i = 0; i < 3 * n; i++)
                {
                    expected[i / n] += w.Span[i] * x.Span[i % n];
                }

                Check.Same<int>(expected, y.Span, $"{name} {pattern} n={n}");
            }
        }
    }
}
