using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Tests.Conv;
using EdgeDL.Kernels.Winograd;

namespace EdgeDL.Kernels.Tests.Winograd;

public sealed class WinogradS8Tests
{
    // Where the CPU has no row, the name says so.
    const string None = "none";

    public static TheoryData<string> Kernels() =>
        new(WinogradS8.Rows().Where(r => r.IsSupported).Select(r => r.Name).DefaultIfEmpty(None));

    [Theory, MemberData(nameof(Kernels))]
    public void Int8_equals_integer_arithmetic_on_every_shape(string kernel) =>
        Every(kernel, inputFlip: 0, weightFlip: 0);

    [Theory, MemberData(nameof(Kernels))]
    public void Uint8_equals_integer_arithmetic_on_every_shape(string kernel) =>
        Every(kernel, inputFlip: 0x80, weightFlip: 0x80);

    static void Every(string kernel, byte inputFlip, byte weightFlip)
    {
        if (kernel != None)
        {
            // So often that each shape meets the extremes of values and zero points.
            IEnumerable<ConvShape> shapes = [.. WinogradShapes.All(channelUnit: 8)];
            ConvS8Check.Every(
                Row(kernel), Enumerable.Repeat(shapes, 3).SelectMany(s => s), inputFlip,
                weightFlip, weightZero: 0);
        }
    }

    // Every sum as large as int32 takes it: 4 · 9 · 128 · 128 a channel.
    [Theory, MemberData(nameof(Kernels))]
    public void The_deepest_sums_stay_whole(string kernel)
    {
        if (kernel != None)
        {
            ConvShape deepest = WinogradShapes.Of(1, 4, 4, 3640, 3, pad: 0);
            Assert.True(WinogradS8.Fits(deepest, 0));
            Assert.False(WinogradS8.Fits(deepest with { InChannels = 3648 }, 0));
            ConvS8Check.Every(
                Row(kernel), Enumerable.Repeat(deepest, 20), 0, 0, weightZero: 0);
        }
    }

    [Fact]
    public void Only_what_it_computes_fits()
    {
        ConvShape s = WinogradShapes.Of(1, 32, 32, 16, 16, 1);
        Assert.True(WinogradS8.Fits(s, 0));
        Assert.False(WinogradS8.Fits(s, 1));
        Assert.False(WinogradS8.Fits(s with { StrideHeight = 2 }, 0));
        Assert.False(WinogradS8.Fits(s with { Groups = 2 }, 0));
        Assert.False(WinogradS8.Fits(s with { InChannels = 20 }, 0));
    }

    [Theory]
    [InlineData("x64-v3", true)]
    [InlineData("armv8", true)]
    [InlineData("x64-vnni", false)]
    [InlineData("armv8-dot", false)]
    [InlineData("armv8-i8mm", false)]
    public void A_CPU_with_int8_products_of_its_own_takes_those(string cpu, bool isTiled)
    {
        CpuTarget target = CpuTarget.Find(cpu)!;
        ConvShape s = WinogradShapes.Of(1, 32, 32, 32, 32, 1);
        Assert.Equal(isTiled, WinogradS8.Pays(s, target));
        Assert.NotNull(WinogradS8.Best(target));
        // A single tile would be multiplied by a register tile of six.
        Assert.False(WinogradS8.Pays(WinogradShapes.Of(1, 2, 2, 64, 64, 1), target));
    }

    static ConvS8.Row Row(string kernel) => WinogradS8.Rows().First(r => r.Name == kernel);
}
