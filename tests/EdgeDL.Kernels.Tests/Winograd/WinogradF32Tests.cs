using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Tests.Conv;
using EdgeDL.Kernels.Winograd;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Winograd;

public sealed unsafe class WinogradF32Tests
{
    public static TheoryData<string> Kernels() =>
        new(WinogradF32.Rows().Where(r => r.IsSupported).Select(r => r.Name));

    [Theory, MemberData(nameof(Kernels))]
    public void Every_row_equals_double_arithmetic_on_every_shape(string kernel) =>
        ConvF32Check.Every(Row(kernel), WinogradShapes.All(channelUnit: 4));

    [Theory, MemberData(nameof(Kernels))]
    public void Weights_of_either_order_give_the_same_panels(string kernel)
    {
        ConvF32.Row row = Row(kernel);
        ConvShape s = WinogradShapes.Of(1, 4, 4, 12, 20, 1);
        float[] w = ConvF32Check.Fill(new Random(1), s.OutChannels * s.Depth);
        var turned = new float[w.Length];
        for (int i = 0; i < w.Length; i++)
        {
            turned[i % s.Depth * s.OutChannels + i / s.Depth] = w[i];
        }
        using var panels = new GuardedMemory<float>((int)row.PackedFloats(s), Guard.End);
        using var others = new GuardedMemory<float>((int)row.PackedFloats(s), Guard.Start);
        fixed (float* pw = w, pt = turned)
        {
            row.Pack(s, pw, s.Depth, 1, null, panels.Pointer);
            row.Pack(s, pt, 1, s.OutChannels, null, others.Pointer);
        }
        Assert.Equal(panels.Span.ToArray(), others.Span.ToArray());
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Clamp_keeps_NaN(string kernel)
    {
        ConvShape s = WinogradShapes.Of(1, 4, 4, 4, 4, 1);
        float[] x = new float[ConvShapes.InputLength(s)];
        Array.Fill(x, float.NaN);
        float[] y = ConvF32Check.Run(
            Row(kernel), s, x, new float[s.OutChannels * s.Depth], null, 0, 6, 1, Guard.End);
        Assert.All(y, v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void Only_what_it_computes_fits()
    {
        ConvShape s = WinogradShapes.Of(1, 32, 32, 16, 16, 1);
        Assert.True(WinogradF32.Fits(s));
        Assert.True(WinogradF32.Pays(s, 6));
        Assert.False(WinogradF32.Fits(s with { StrideWidth = 2 }));
        Assert.False(WinogradF32.Fits(s with { DilationHeight = 2 }));
        Assert.False(WinogradF32.Fits(s with { KernelWidth = 5 }));
        Assert.False(WinogradF32.Fits(s with { Groups = 2 }));
        Assert.False(WinogradF32.Fits(s with { Transposed = true }));
        Assert.False(WinogradF32.Fits(s with { InChannels = 18 }));
        // A single tile would be multiplied by a register tile of six.
        Assert.False(WinogradF32.Pays(WinogradShapes.Of(1, 2, 2, 64, 64, 1), 6));
    }

    static ConvF32.Row Row(string kernel) =>
        WinogradF32.Rows().First(r => r.Name == kernel);
}
