using EdgeDL.Kernels.Recurrent;

namespace EdgeDL.Kernels.Tests.Recurrent;

public sealed class FixedGatesTests
{
    [Fact]
    public void Logistic_of_every_number_is_near_the_real_one()
    {
        for (int raw = short.MinValue + 1; raw <= short.MaxValue; raw++)
        {
            double expected = 1 / (1 + Math.Exp(-raw / 4096.0));
            double actual = FixedGates.Logistic((short)raw) / 32768.0;
            Assert.True(Math.Abs(expected - actual) < 4e-4, $"{raw}: {actual}, not {expected}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Tanh_of_every_number_is_near_the_real_one(int integerBits)
    {
        for (int raw = short.MinValue + 1; raw <= short.MaxValue; raw++)
        {
            double expected = Math.Tanh(raw / (double)(1 << (15 - integerBits)));
            double actual = FixedGates.Tanh((short)raw, integerBits) / 32768.0;
            Assert.True(Math.Abs(expected - actual) < 8e-4, $"{raw}: {actual}, not {expected}");
        }
    }

    [Fact]
    public void Inverse_square_root_is_near_the_real_one()
    {
        for (long x = 2; x < int.MaxValue; x += (x / 7) + 1)
        {
            (int multiplier, int shift) = FixedLayerNorm.InverseSquareRoot((int)x);
            double actual = Math.ScaleB(multiplier, shift - 31);
            Assert.Equal(1, actual * Math.Sqrt(x), 1e-4);
        }
    }
}
