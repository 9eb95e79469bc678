using EdgeDL.Kernels.Signal;

namespace EdgeDL.Kernels.Tests.Signal;

public sealed class FixedFrontEndTests
{
    [Fact]
    public void Square_root_rounds_to_nearest()
    {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            ulong x = (ulong)random.NextInt64(long.MaxValue) >> random.Next(0, 63);
            uint root = FixedFrontEnd.SquareRoot(x);
            Int128 twice = (Int128)root * 2;
            Assert.True((twice - 1) * (twice - 1) <= (Int128)x * 4 || root == 0, $"√{x} > {root}");
            bool top = x >> 32 == 0 && root == ushort.MaxValue;
            Assert.True(top || (twice + 1) * (twice + 1) > (Int128)x * 4, $"√{x} < {root}");
        }

        Assert.Equal(uint.MaxValue, FixedFrontEnd.SquareRoot(ulong.MaxValue));
        Assert.Equal((uint)ushort.MaxValue, FixedFrontEnd.SquareRoot(uint.MaxValue));
    }

    [Fact]
    public void Logarithm_is_near_the_real_one()
    {
        var table = new ushort[FixedLog.TableLength];
        FixedLog.FillTable(table);
        Assert.Equal(0, table[0]);
        Assert.Equal(0, table[^1]);
        for (uint x = 2; x < 4_000_000_000 - (1u << 28); x += (x / 9) + 1)
        {
            Assert.Equal(Math.Log(x) * 1600, FixedLog.Ln(x, 1600, table), 8.0);
        }
    }

    [Fact]
    public void Auto_scale_uses_the_headroom()
    {
        short[] y = new short[3];
        Assert.Equal(5, FixedFrontEnd.AutoScale([1, -1000, 7], y));
        Assert.Equal(new short[] { 32, -32000, 224 }, y);
        Assert.Equal(0, FixedFrontEnd.AutoScale([-32768, 1, 2], y));
        Assert.Equal(15, FixedFrontEnd.AutoScale([0, 0, 0], y));
    }
}
