using EdgeDL.Kernels.Normalize;

namespace EdgeDL.Kernels.Tests.Normalize;

public sealed class InverseSquareRootTests
{
    [Fact]
    public void Is_near_one_over_the_root_of_every_size()
    {
        for (double at = 2; at < int.MaxValue; at *= 1.0173)
        {
            int x = (int)at;
            (int multiplier, int shift) = InverseSquareRoot.Of(x);
            double value = multiplier * Math.Pow(2, shift - 31);
            Assert.InRange(value * Math.Sqrt(x), 0.99999, 1.00001);
        }
    }

    [Fact]
    public void Of_0_and_1_is_1()
    {
        Assert.Equal((int.MaxValue, 0), InverseSquareRoot.Of(0));
        Assert.Equal((int.MaxValue, 0), InverseSquareRoot.Of(1));
    }
}
