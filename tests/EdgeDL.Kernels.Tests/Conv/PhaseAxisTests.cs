using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Tests.Conv;

public sealed class PhaseAxisTests
{
    [Fact]
    public void Phases_read_what_the_definition_reads()
    {
        for (int stride = 1; stride <= 6; stride++)
        {
            for (int dilation = 1; dilation <= 6; dilation++)
            {
                for (int pad = 0; pad <= 7; pad++)
                {
                    for (int kernel = 1; kernel <= 8; kernel++)
                    {
                        Check(stride, dilation, pad, kernel, outputs: 13);
                    }
                }
            }
        }
    }

    // A stride that no loop over its remainders would end with.
    [Theory]
    [InlineData(2_000_000_011, 1, 0, 7)]
    [InlineData(2_000_000_011, 1_000_000_007, 1_999_999_999, 2)]
    [InlineData(int.MaxValue, 2, 3, 1_000_000_000)]
    [InlineData(1 << 30, 1 << 20, 1 << 20, 1025)]
    public void Giant_strides_are_computed_not_searched(
        int stride, int dilation, int pad, int kernel)
    {
        for (int phase = 0; phase < 5; phase++)
        {
            PhaseAxis axis = PhaseAxis.Of(phase, stride, dilation, pad, kernel, outputs: 5);
            Assert.Equal(1, axis.Outputs);
            if (axis.Taps > 0)
            {
                Assert.InRange(axis.LastTap, 0, kernel - 1);
                Assert.Equal(
                    0, ((long)phase + pad - (long)axis.LastTap * dilation) % stride);
            }
        }
    }

    static void Check(int stride, int dilation, int pad, int kernel, int outputs)
    {
        var expected = new HashSet<(int Output, int Tap, int Input)>();
        for (int o = 0; o < outputs; o++)
        {
            for (int t = 0; t < kernel; t++)
            {
                int at = o + pad - t * dilation;
                if (at % stride == 0)
                {
                    expected.Add((o, t, at / stride));
                }
            }
        }

        var found = new HashSet<(int Output, int Tap, int Input)>();
        for (int phase = 0; phase < Math.Min(stride, outputs); phase++)
        {
            PhaseAxis axis = PhaseAxis.Of(phase, stride, dilation, pad, kernel, outputs);
            for (int i = 0; i < axis.Outputs; i++)
            {
                for (int t = 0; t < axis.Taps; t++)
                {
                    Assert.True(found.Add((
                        axis.First + i * stride, axis.LastTap - t * axis.TapStep,
                        i + t * axis.Dilation - axis.Pad)));
                }
            }
        }

        Assert.True(
            expected.SetEquals(found), $"stride {stride}, dilation {dilation}, pad {pad}");
    }
}
