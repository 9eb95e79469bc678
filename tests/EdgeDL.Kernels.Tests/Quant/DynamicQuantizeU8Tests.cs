using EdgeDL.Kernels.Quant;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Quant;

public sealed class DynamicQuantizeU8Tests
{
    public static TheoryData<string> Rows() =>
        [.. DynamicQuantizeU8.Rows().Where(r => r.IsSupported).Select(r => r.Name)];

    [Theory, MemberData(nameof(Rows))]
    public void Every_row_gives_the_scalar_rows_bits(string name)
    {
        KernelRow<DynamicQuantizeU8.Function>[] rows = DynamicQuantizeU8.Rows();
        DynamicQuantizeU8.Function row = rows.Single(r => r.Name == name).Function;
        foreach (int n in Lengths.Short)
        {
            foreach ((float low, float high) in
                ((float, float)[])[(-1, 2), (-3, -1), (1, 5), (0, 0), (-1e-30f, 1e30f)])
            {
                float[] x = Fill.Float32(n, n, low, high);
                if (n > 9 && n % 3 == 0)
                {
                    x[n / 2] = float.NaN;
                }

                byte[] expected = new byte[n];
                byte[] actual = new byte[n];
                Assert.Equal(rows[^1].Function(x, expected), row(x, actual));
                Check.Same<byte>(expected, actual, $"{name} n={n} {low}..{high}");
            }
        }
    }
}
