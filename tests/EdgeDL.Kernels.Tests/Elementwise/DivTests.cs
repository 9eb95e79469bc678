using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Tests.Elementwise;

/// <summary>Quantized division by a Newton reciprocal.</summary>
public class DivTests
{
    [Fact]
    public void Quotients_are_within_one_step_of_the_exact_ones()
    {
        var fn = new FixedFn.Div(
            new FixedInput(0.05f, 3), new FixedInput(0.02f, -7), new Q8Output(0.04f, 5, -128, 127));
        for (int a = -128; a < 128; a++)
        {
            for (int b = -128; b < 128; b++)
            {
                if (b == -7)
                {
                    continue;
                }
                double exact = Math.Clamp(
                    ((a - 3) * 0.05 / ((b + 7) * 0.02) / 0.04) + 5, -128, 127);
                Assert.True(
                    Math.Abs(exact - fn.Apply(a, b)) < 0.51,
                    $"{a} / {b} is {fn.Apply(a, b)}, should be {exact}");
            }
        }
    }
}
