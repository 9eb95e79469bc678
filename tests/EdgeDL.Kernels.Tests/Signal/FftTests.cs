using System.Numerics;
using EdgeDL.Kernels.Signal;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Signal;

public sealed class FftTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    [InlineData(7), InlineData(8), InlineData(12), InlineData(15), InlineData(16), InlineData(49)]
    [InlineData(60), InlineData(64), InlineData(121), InlineData(240), InlineData(256)]
    public void Complex_transform_equals_the_sum_in_both_directions(int n)
    {
        var random = new Random(n);
        var x = new FftComplex<double>[n];
        foreach (ref FftComplex<double> v in x.AsSpan())
        {
            v = new(random.NextDouble() - 0.5, random.NextDouble() - 0.5);
        }

        foreach (bool inverse in (bool[])[false, true])
        {
            var y = new FftComplex<double>[n];
            new ComplexFft<FftFloat64, double>(n, inverse).Run(x, y);
            for (int k = 0; k < n; k++)
            {
                Complex sum = Sum(x, k, inverse ? 1 : -1);
                Assert.Equal(sum.Real, y[k].Re, 1e-11);
                Assert.Equal(sum.Imaginary, y[k].Im, 1e-11);
            }
        }
    }

    [Theory]
    [InlineData(2), InlineData(4), InlineData(6), InlineData(10), InlineData(14), InlineData(64)]
    [InlineData(240), InlineData(480), InlineData(512), InlineData(1024)]
    public void Real_fp32_transform_equals_the_sum_and_is_undone(int n)
    {
        float[] x = Fill.Float32(n, n, -1, 1);
        var y = new FftComplex<float>[(n / 2) + 1];
        new RealFft<FftFloat32, float>(n, inverse: false).Forward(x, y);
        var wide = Array.ConvertAll(x, v => new FftComplex<double>(v, 0));
        for (int k = 0; k <= n / 2; k++)
        {
            Complex sum = Sum(wide, k, -1);
            Assert.Equal(sum.Real, y[k].Re, 1e-4);
            Assert.Equal(sum.Imaginary, y[k].Im, 1e-4);
        }

        var back = new float[n];
        new RealFft<FftFloat32, float>(n, inverse: true).Inverse(y, back);
        Check.Near(x.Select(v => (double)v * n).ToArray(), back, 1e-4, n * 1e-5, "inverse");
    }

    [Theory]
    [InlineData(64), InlineData(480), InlineData(512)]
    public void Q15_transform_is_the_sum_over_the_length(int n)
    {
        short[] x = Array.ConvertAll(Fill.Int32(n, n, -20000, 20000), v => (short)v);
        var y = new FftComplex<short>[(n / 2) + 1];
        new RealFft<FftInt16, short>(n, inverse: false).Forward(x, y);
        var wide = Array.ConvertAll(x, v => new FftComplex<double>(v, 0));
        for (int k = 0; k <= n / 2; k++)
        {
            Complex sum = Sum(wide, k, -1) / n;
            Assert.Equal(sum.Real, y[k].Re, 6.0);
            Assert.Equal(sum.Imaginary, y[k].Im, 6.0);
        }
    }

    [Fact]
    public void Q31_transform_is_the_sum_over_the_length()
    {
        const int n = 512;
        int[] x = Fill.Int32(n, 5, -2_000_000_000, 2_000_000_000);
        var y = new FftComplex<int>[(n / 2) + 1];
        new RealFft<FftInt32, int>(n, inverse: false).Forward(x, y);
        var wide = Array.ConvertAll(x, v => new FftComplex<double>(v, 0));
        for (int k = 0; k <= n / 2; k++)
        {
            Complex sum = Sum(wide, k, -1) / n;
            Assert.Equal(sum.Real, y[k].Re, 16.0);
            Assert.Equal(sum.Imaginary, y[k].Im, 16.0);
        }
    }

    static Complex Sum(FftComplex<double>[] x, int k, int sign)
    {
        Complex sum = Complex.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            double phase = sign * 2 * Math.PI * ((long)i * k % x.Length) / x.Length;
            sum += new Complex(x[i].Re, x[i].Im) * Complex.FromPolarCoordinates(1, phase);
        }

        return sum;
    }
}
