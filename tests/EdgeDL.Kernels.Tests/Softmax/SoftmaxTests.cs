using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Softmax;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Softmax;

public sealed class SoftmaxTests
{
    [Fact]
    public void Exp_is_within_3_ulp_and_0_below_the_normal_numbers()
    {
        for (double at = 0; at > -87.3; at -= 0.00713)
        {
            float x = (float)at;
            float expected = (float)Math.Exp(x);
            Check.Ulp([expected], [ExpNonPositive.Apply(x)], 3, $"scalar exp({x})");
            var lanes = Vector128.Create(x, 0, -1, -200);
            Check.Ulp(
                [expected, 1, 0.36787945f, 0],
                [.. Elements(ExpNonPositive.Apply(lanes))], 3, $"lanes exp({x})");
        }

        Assert.Equal(0, ExpNonPositive.Apply(float.NegativeInfinity));
        Assert.True(float.IsNaN(ExpNonPositive.Apply(float.NaN)));
    }

    [Fact]
    public void Every_row_is_near_the_definition_at_every_length()
    {
        foreach (var row in SoftmaxF32.Rows().Where(r => r.IsSupported))
        {
            foreach (int n in Lengths.Short)
            {
                foreach (Guard guard in Enum.GetValues<Guard>())
                {
                    float[] values = Fill.Float32(3 * n, 7, -20, 20);
                    using var x = new GuardedMemory<float>(values, guard);
                    using var y = new GuardedMemory<float>(3 * n, guard);
                    row.Function(x.Span, y.Span, n, 0.7f, 0, 3);
                    for (int r = 0; r < 3; r++)
                    {
                        Check.Near(
                            Exact(values.AsSpan(r * n, n), 0.7f), y.Span.Slice(r * n, n),
                            1e-5, 1e-37, $"{row.Name} {n}");
                    }

                    row.Function(x.Span, x.Span, n, 0.7f, 0, 3);
                    Check.Same<float>(y.Span, x.Span, $"{row.Name} {n} in place");
                }
            }
        }
    }

    [Fact]
    public void One_NaN_makes_its_row_NaN()
    {
        foreach (var row in SoftmaxF32.Rows().Where(r => r.IsSupported))
        {
            for (int at = 0; at < 9; at++)
            {
                float[] x = [.. Enumerable.Range(0, 18).Select(i => i == at ? float.NaN : i)];
                var y = new float[18];
                row.Function(x, y, 9, 1, 0, 2);
                Assert.All(y[..9], v => Assert.True(float.IsNaN(v)));
                Assert.Equal(1, y[9..].Sum(), 5);
            }
        }
    }

    [Fact]
    public void Equal_bytes_share_the_row()
    {
        var table = new float[SoftmaxBytes.TableLength];
        SoftmaxBytes.Fill(table, 0.1f, 1);
        sbyte[] x = [-128, -128, -128, -128];
        var y = new sbyte[4];
        SoftmaxBytes.Run<sbyte, sbyte, SoftmaxBytes.HalfAway>(
            x, y, table, 4, 1 / 256f, -128, 0, 1);
        Assert.Equal<sbyte>([-64, -64, -64, -64], y);
    }

    [Fact]
    public void A_certain_class_saturates()
    {
        var table = new float[SoftmaxBytes.TableLength];
        SoftmaxBytes.Fill(table, 1f, 1);
        byte[] x = [0, 255, 0];
        var y = new byte[3];
        SoftmaxBytes.Run<byte, byte, SoftmaxBytes.AddHalf>(x, y, table, 3, 1 / 256f, 0, 0, 1);
        Assert.Equal<byte>([0, 255, 0], y);
    }

    static float[] Elements(Vector128<float> v) => [v[0], v[1], v[2], v[3]];

    static double[] Exact(ReadOnlySpan<float> x, double beta)
    {
        double[] e = [.. x];
        double max = e.DefaultIfEmpty().Max();
        double sum = e.Sum(v => Math.Exp(beta * (v - max)));
        return [.. e.Select(v => Math.Exp(beta * (v - max)) / sum)];
    }
}
