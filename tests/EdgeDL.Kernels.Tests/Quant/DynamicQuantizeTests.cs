using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Tests.Quant;

public sealed class DynamicQuantizeTests
{
    [Fact]
    public void Every_row_gives_the_nearest_value_of_the_range_and_the_same_bytes()
    {
        var random = new Random(4);
        for (int n = 0; n <= 70; n++)
        {
            float size = MathF.Pow(10, random.Next(-6, 6));
            var x = new float[n];
            for (int i = 0; i < n; i++)
            {
                x[i] = (random.NextSingle() - 0.3f) * size;
            }
            if (n > 3)
            {
                x[random.Next(n)] = n % 5 == 0 ? float.NaN : 0;
            }
            sbyte[]? first = null;
            foreach (var row in DynamicQuantize.Rows().Where(r => r.IsSupported))
            {
                var y = new sbyte[n];
                var range = row.Function(x, y);
                first ??= y;
                Assert.Equal(first, y);
                for (int i = 0; i < n; i++)
                {
                    float expected = float.IsNaN(x[i]) ? 0 : x[i];
                    float real = (y[i] - range.Zero) * range.Scale;
                    float error = MathF.Abs(expected - real);
                    Assert.True(error <= 1.01f * range.Scale, $"{x[i]} {real}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0f, 0f, -128)]
    [InlineData(0f, 1f, -128)]
    [InlineData(-1f, 0f, 127)]
    [InlineData(float.NegativeInfinity, 1f, -128)]
    public void Range_holds_zero(float low, float high, int zero) =>
        Assert.Equal(zero, DynamicRange.Of(low, high).Zero);
}
