using System.Numerics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Tests.Quant;

public sealed class FixedPointTests
{
    [Theory]
    [InlineData(0.0, 0, 0)]
    [InlineData(1.0, 1 << 30, 1)]
    [InlineData(0.5, 1 << 30, 0)]
    [InlineData(0.25, 1 << 30, -1)]
    [InlineData(0.99999999999, 1 << 30, 1)]
    [InlineData(1e-12, 0, 0)]
    [InlineData(1.5, 3 << 29, 1)]
    public void Multiplier_is_a_mantissa_and_a_shift(double real, int multiplier, int shift) =>
        Assert.Equal((multiplier, shift), FixedPoint.QuantizeMultiplier(real));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1e-3)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(2e9)]
    public void Multiplier_out_of_range_is_refused(double real) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedPoint.QuantizeMultiplier(real));

    [Fact]
    public void High_mul_and_divide_round_halves_away_from_zero()
    {
        Assert.Equal(
            int.MaxValue,
            FixedPoint.SaturatingRoundingDoublingHighMul(int.MinValue, int.MinValue));
        Assert.Equal(1, FixedPoint.SaturatingRoundingDoublingHighMul(1, 1 << 30));
        Assert.Equal(3, FixedPoint.RoundingDivideByPowerOfTwo(5, 1));
        Assert.Equal(-3, FixedPoint.RoundingDivideByPowerOfTwo(-5, 1));
        Assert.Equal(-2, FixedPoint.RoundingDivideByPowerOfTwo(-4, 1));
        Assert.Equal(7, FixedPoint.RoundingDivideByPowerOfTwo(7, 0));
        Assert.Equal(-1, FixedPoint.RoundingDivideByPowerOfTwo(int.MinValue, 31));
    }

    [Fact]
    public void Multiply_follows_its_definition_in_wide_integers()
    {
        var random = new Random(2);
        for (int i = 0; i < 20000; i++)
        {
            int x = random.Next(int.MinValue, int.MaxValue) >> random.Next(31);
            int multiplier = random.Next(1 << 30, int.MaxValue);
            int shift = random.Next(-31, 1);
            var high = RoundAway((BigInteger)x * multiplier, 31);
            Assert.Equal(
                (int)RoundAway(high, -shift),
                FixedPoint.MultiplyByQuantizedMultiplier(x, multiplier, shift));
            long wide = random.NextInt64(-(1L << 40), 1L << 40);
            int reduced = Math.Min((multiplier + (1 << 15)) >> 16, 0x7FFF);
            int total = 15 - Math.Min(shift, -12);
            Assert.Equal(
                (int)(((BigInteger)wide * reduced + (BigInteger.One << (total - 1))) >> total),
                FixedPoint.MultiplyByQuantizedMultiplier(wide, multiplier, 15 - total));
        }
    }

    static BigInteger RoundAway(BigInteger value, int exponent)
    {
        var half = exponent == 0 ? BigInteger.Zero : BigInteger.One << (exponent - 1);
        var magnitude = (BigInteger.Abs(value) + half) >> exponent;
        return value.Sign < 0 ? -magnitude : magnitude;
    }
}
